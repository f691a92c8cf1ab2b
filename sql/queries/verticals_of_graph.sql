-- The communities of a graph, the largest first.
SELECT
    community_no,
    label,
    terms,
    channel_count,
    languages,
    countries,
    vertical_key,
    topic,
    stability,
    label_source,
    is_pinned
FROM core.vertical
WHERE graph_run_key = :graph_run_key
ORDER BY channel_count DESC, community_no ASC;
