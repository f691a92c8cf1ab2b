-- The counters of a channel over time, oldest first.
SELECT
    snapshot_at,
    subscribers,
    subscribers_hidden,
    total_views,
    average_daily_views,
    view_definition
FROM (
    SELECT *
    FROM core.channel_snapshot
    WHERE channel_key = :channel_key
    ORDER BY snapshot_at DESC
    LIMIT :row_limit
) AS newest
ORDER BY snapshot_at;
