-- The newest counters of each channel. `fresh` are the snapshots that were new in this publication.
WITH newest AS (
    SELECT
        fresh.channel_key,
        max(fresh.snapshot_at) AS snapshot_at
    FROM fresh
    GROUP BY fresh.channel_key
)

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
INNER JOIN newest ON fresh.channel_key = newest.channel_key AND fresh.snapshot_at = newest.snapshot_at
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
