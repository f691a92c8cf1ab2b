-- Who follows whom among the creators of a graph, once for each kind of evidence, with when and where it was seen.
SELECT
    edge.source_channel_key,
    edge.target_channel_key,
    edge.kind,
    edge.weight,
    edge.first_seen_at,
    edge.last_seen_at,
    edge.evidence,
    edge.ingest_run_id
FROM core.follow_edge AS edge
INNER JOIN core.channel_rank AS source
    ON edge.source_channel_key = source.channel_key AND source.graph_run_key = :graph_run_key
INNER JOIN core.channel_rank AS target
    ON edge.target_channel_key = target.channel_key AND target.graph_run_key = :graph_run_key
WHERE edge.world = :world
ORDER BY edge.source_channel_key, edge.target_channel_key, edge.kind;
