-- Who follows whom among the given channels, each pair once.
SELECT DISTINCT
    source_channel_key,
    target_channel_key
FROM core.follow_edge
WHERE
    world = :world
    AND source_channel_key = ANY(CAST(:channel_keys AS text[]))
    AND target_channel_key = ANY(CAST(:channel_keys AS text[]));
