-- Who follows whom among the given channels, each pair once whatever the evidence.
SELECT
    source_channel_key,
    target_channel_key,
    sum(weight) AS weight,
    array_agg(kind ORDER BY kind) AS kinds
FROM core.follow_edge
WHERE
    world = :world
    AND source_channel_key = ANY(CAST(:channel_keys AS text[]))
    AND target_channel_key = ANY(CAST(:channel_keys AS text[]))
GROUP BY source_channel_key, target_channel_key
ORDER BY source_channel_key, target_channel_key;
