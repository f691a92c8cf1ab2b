-- The creators of a graph, the most influential first, with what the plan of an iteration makes of them.
SELECT
    rank.channel_key,
    rank.rank_no,
    rank.rank_best,
    rank.rank_worst,
    rank.influence,
    rank.score,
    rank.score_parts,
    rank.follower_count_in_graph,
    rank.community_no,
    rank.x,
    rank.y,
    coalesce(channel.title, rank.channel_key) AS title,
    channel.handle,
    channel.country,
    channel.language,
    latest.subscribers,
    latest.average_daily_views,
    plan_row.choice
FROM core.channel_rank AS rank
LEFT JOIN core.channel AS channel ON rank.channel_key = channel.channel_key
LEFT JOIN mart.channel_latest AS latest ON rank.channel_key = latest.channel_key
LEFT JOIN core.plan_row AS plan_row
    ON rank.channel_key = plan_row.channel_key AND plan_row.iteration_key = :iteration_key
WHERE rank.graph_run_key = :graph_run_key
ORDER BY rank.rank_no, rank.channel_key;
