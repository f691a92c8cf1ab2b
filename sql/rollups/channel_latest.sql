-- The newest counters of each channel. `fresh` are the snapshots that were new in this publication.
INSERT INTO mart.channel_latest (
    channel_key, snapshot_at, subscribers, subscribers_hidden, total_views, post_count, average_daily_views
)
SELECT
    fresh.channel_key,
    fresh.snapshot_at,
    fresh.subscribers,
    fresh.subscribers_hidden,
    fresh.total_views,
    fresh.post_count,
    fresh.average_daily_views
FROM fresh
INNER JOIN (
    SELECT
        channel_key,
        max(snapshot_at) AS snapshot_at
    FROM fresh
    GROUP BY channel_key
) AS newest USING (channel_key, snapshot_at)
ORDER BY fresh.channel_key
ON CONFLICT (channel_key) DO UPDATE
    SET
        snapshot_at = excluded.snapshot_at,
        subscribers = excluded.subscribers,
        subscribers_hidden = excluded.subscribers_hidden,
        total_views = excluded.total_views,
        post_count = excluded.post_count,
        average_daily_views = excluded.average_daily_views
    WHERE excluded.snapshot_at > channel_latest.snapshot_at;
