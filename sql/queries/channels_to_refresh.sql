-- Channels whose stored data expires soonest.
SELECT
    channel.channel_key,
    channel.world,
    channel.platform,
    channel.external_id,
    channel.handle,
    channel.title,
    channel.description,
    channel.country,
    channel.language,
    channel.languages,
    channel.topics,
    channel.picture_url,
    channel.uploads_playlist,
    channel.created_at,
    channel.first_seen_at
FROM core.channel AS channel
WHERE channel.world = :world AND channel.platform = :platform AND channel.expires_at <= :expires_before
ORDER BY channel.expires_at, channel.channel_key
LIMIT :most
