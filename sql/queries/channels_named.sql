-- Channels with one of the keys, or that one of the handles (platform:handle, lower case, no @) names.
SELECT
    channel.channel_key,
    channel.platform || ':' || lower(ltrim(channel.handle, '@')) AS handle_key,
    channel.platform,
    channel.external_id,
    channel.handle,
    channel.title,
    channel.description,
    channel.country,
    channel.language,
    channel.topics,
    channel.picture_url,
    channel.uploads_playlist,
    channel.created_at,
    channel.refreshed_at,
    channel.expires_at
FROM core.channel AS channel
WHERE
    channel.world = :world
    AND (
        channel.channel_key = ANY(CAST(:channel_keys AS text[]))
        OR (channel.platform, lower(ltrim(channel.handle, '@'))) IN (
            SELECT
                wanted.platform,
                wanted.handle
            FROM unnest(CAST(:platforms AS text[]), CAST(:handles AS text[])) AS wanted (platform, handle)
        )
    );
