-- The worlds that iterations live in.
SELECT
    world,
    count(*) AS iteration_count
FROM core.iteration
GROUP BY world
ORDER BY world;
