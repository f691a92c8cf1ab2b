-- Markets of the running iterations of a world.
SELECT DISTINCT unnest(iteration.markets) AS market
FROM core.iteration AS iteration
WHERE iteration.world = :world AND iteration.state NOT IN ('closed', 'rejected')
ORDER BY market
