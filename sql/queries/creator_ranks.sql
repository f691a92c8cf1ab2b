-- Where a channel stood in each graph run, newest first.
SELECT
    run.graph_run_key,
    run.iteration_key,
    run.as_of,
    run.node_count,
    iteration.campaign,
    rank.rank_no,
    rank.rank_best,
    rank.rank_worst,
    rank.score,
    rank.score_parts,
    rank.group_ranks,
    rank.follower_count_in_graph,
    rank.community_no,
    vertical.label AS vertical
FROM core.channel_rank AS rank
INNER JOIN core.graph_run AS run ON rank.graph_run_key = run.graph_run_key
LEFT JOIN core.iteration AS iteration ON run.iteration_key = iteration.iteration_key
LEFT JOIN core.vertical AS vertical
    ON rank.graph_run_key = vertical.graph_run_key AND rank.community_no = vertical.community_no
WHERE rank.channel_key = :channel_key
ORDER BY run.as_of DESC, run.graph_run_key ASC
LIMIT :row_limit;
