-- The iterations that have a graph to look at, the newest first.
SELECT
    iteration.iteration_key,
    iteration.campaign,
    iteration.world,
    max(graph_run.as_of) AS as_of
FROM core.graph_run AS graph_run
INNER JOIN core.iteration AS iteration ON graph_run.iteration_key = iteration.iteration_key
GROUP BY iteration.iteration_key, iteration.campaign, iteration.world
ORDER BY max(graph_run.as_of) DESC, iteration.iteration_key;
