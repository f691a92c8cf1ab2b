-- The newest counters of each channel. `fresh` are the snapshots that were new in this publication.
WITH newest AS (
    SELECT
        fresh.channel_key,
        max(fresh.snapshot_at) AS snapshot_at
    FROM fresh
    GROUP BY fresh.channel_key
)

INSERT INTO mart.channel_latest (
    channel_key, snapshot_at, subscribers, subscribers_hidden, total_views, post_count, average_daily_views, views_per_post,
    posts_per_week, last_post_at
)
SELECT
    fresh.channel_key,
    fresh.snapshot_at,
    fresh.subscribers,
    fresh.subscribers_hidden,
    fresh.total_views,
    fresh.post_count,
    fresh.average_daily_views,
    fresh.views_per_post,
    fresh.posts_per_week,
    fresh.last_post_at
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
        -- A refresh of the counters alone reads no posts: what was known of them stays.
        average_daily_views = coalesce(excluded.average_daily_views, channel_latest.average_daily_views),
        views_per_post = coalesce(excluded.views_per_post, channel_latest.views_per_post),
        posts_per_week = coalesce(excluded.posts_per_week, channel_latest.posts_per_week),
        last_post_at = coalesce(excluded.last_post_at, channel_latest.last_post_at)
    WHERE excluded.snapshot_at > channel_latest.snapshot_at;
