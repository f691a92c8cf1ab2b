-- The lists of whom a graph's creators follow: read, hidden or not read yet, and how many follows each gave.
SELECT
    channel.platform,
    channel.country,
    list.state,
    count(edge.target_channel_key) AS edge_count
FROM core.follow_list AS list
INNER JOIN core.channel_rank AS rank ON list.channel_key = rank.channel_key
INNER JOIN core.channel AS channel ON list.channel_key = channel.channel_key
LEFT JOIN core.follow_edge AS edge
    ON list.channel_key = edge.source_channel_key AND list.kind = edge.kind AND list.world = edge.world
WHERE rank.graph_run_key = :graph_run_key
GROUP BY list.channel_key, list.kind, channel.platform, channel.country, list.state
ORDER BY channel.platform, channel.country, list.channel_key, list.kind;
