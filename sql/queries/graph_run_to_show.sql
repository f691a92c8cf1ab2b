-- The graph of an iteration, or the newest one when no iteration is given.
SELECT
    graph_run.graph_run_key,
    graph_run.iteration_key,
    graph_run.world,
    graph_run.as_of,
    graph_run.node_count,
    graph_run.edge_count,
    graph_run.hidden_list_count,
    graph_run.community_count,
    graph_run.modularity,
    graph_run.rank_quality,
    iteration.campaign
FROM core.graph_run AS graph_run
LEFT JOIN core.iteration AS iteration ON graph_run.iteration_key = iteration.iteration_key
LEFT JOIN core.plan AS plan
    ON graph_run.graph_run_key = plan.graph_run_key AND plan.iteration_key = :iteration_key
WHERE
    CAST(:iteration_key AS text) IS NULL
    OR graph_run.iteration_key = :iteration_key
    OR plan.iteration_key IS NOT NULL
ORDER BY plan.iteration_key IS NOT NULL DESC, graph_run.as_of DESC, graph_run.graph_run_key ASC
LIMIT 1;
