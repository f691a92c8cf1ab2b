-- The newest counters of each channel. `fresh` are the snapshots that were new in this publication.
WITH newest AS (
    SELECT
        fresh.channel_key,
        max(fresh.snapshot_at) AS snapshot_at
    FROM fresh
    GROUP BY fresh.channel_key
),

latest AS (
    SELECT
        fresh.*,
        num_nonnulls(fresh.average_daily_views, fresh.views_per_post, fresh.posts_per_week, fresh.last_post_at) > 0
            AS posts_were_read
    FROM fresh
    INNER JOIN newest ON fresh.channel_key = newest.channel_key AND fresh.snapshot_at = newest.snapshot_at
)

INSERT INTO mart.channel_latest (
    channel_key, snapshot_at, subscribers, subscribers_hidden, total_views, post_count, average_daily_views, views_per_post,
    posts_per_week, last_post_at, views_observed_at, view_definition
)
SELECT
    latest.channel_key,
    latest.snapshot_at,
    latest.subscribers,
    latest.subscribers_hidden,
    latest.total_views,
    latest.post_count,
    latest.average_daily_views,
    latest.views_per_post,
    latest.posts_per_week,
    latest.last_post_at,
    CASE WHEN latest.posts_were_read THEN latest.snapshot_at END AS views_observed_at,
    CASE WHEN latest.posts_were_read THEN latest.view_definition END AS view_definition
FROM latest
ORDER BY latest.channel_key
ON CONFLICT (channel_key) DO UPDATE
    SET
        snapshot_at = excluded.snapshot_at,
        subscribers = excluded.subscribers,
        subscribers_hidden = excluded.subscribers_hidden,
        total_views = excluded.total_views,
        post_count = excluded.post_count,
        -- A refresh of the counters alone reads no posts: what was known of them stays, with its own age and definition.
        average_daily_views = CASE
            WHEN excluded.views_observed_at IS NULL THEN channel_latest.average_daily_views ELSE excluded.average_daily_views
        END,
        views_per_post = CASE
            WHEN excluded.views_observed_at IS NULL THEN channel_latest.views_per_post ELSE excluded.views_per_post
        END,
        posts_per_week = CASE
            WHEN excluded.views_observed_at IS NULL THEN channel_latest.posts_per_week ELSE excluded.posts_per_week
        END,
        last_post_at = CASE
            WHEN excluded.views_observed_at IS NULL THEN channel_latest.last_post_at ELSE excluded.last_post_at
        END,
        views_observed_at = coalesce(excluded.views_observed_at, channel_latest.views_observed_at),
        view_definition = coalesce(excluded.view_definition, channel_latest.view_definition)
    WHERE excluded.snapshot_at > channel_latest.snapshot_at;
