-- One channel: what its platform says of it and its newest counters.
SELECT
    channel.channel_key,
    channel.world,
    channel.platform,
    channel.external_id,
    channel.title,
    channel.handle,
    channel.description,
    channel.country,
    channel.language,
    channel.languages,
    channel.topics,
    channel.post_titles,
    channel.created_at,
    channel.first_seen_at,
    channel.refreshed_at,
    channel.expires_at,
    latest.snapshot_at,
    latest.subscribers,
    coalesce(latest.subscribers_hidden, FALSE) AS subscribers_hidden,
    latest.total_views,
    latest.post_count,
    latest.average_daily_views,
    latest.views_per_post,
    latest.posts_per_week,
    latest.last_post_at
FROM core.channel AS channel
LEFT JOIN mart.channel_latest AS latest ON channel.channel_key = latest.channel_key
WHERE channel.channel_key = :channel_key;
