-- Who follows whom among the creators of a graph, each pair once whatever the evidence.
SELECT
    edge.source_channel_key,
    edge.target_channel_key,
    sum(edge.weight) AS weight,
    array_agg(edge.kind ORDER BY edge.kind) AS kinds
FROM core.follow_edge AS edge
INNER JOIN core.graph_run AS graph_run
    ON graph_run.graph_run_key = :graph_run_key AND edge.world = graph_run.world
INNER JOIN core.channel_rank AS source
    ON graph_run.graph_run_key = source.graph_run_key AND edge.source_channel_key = source.channel_key
INNER JOIN core.channel_rank AS target
    ON graph_run.graph_run_key = target.graph_run_key AND edge.target_channel_key = target.channel_key
GROUP BY edge.source_channel_key, edge.target_channel_key
ORDER BY edge.source_channel_key, edge.target_channel_key;
