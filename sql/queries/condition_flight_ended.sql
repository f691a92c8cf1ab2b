-- Whether the iteration's flight is over. Parameters: iteration_key, now.
SELECT count(*) = 1 AS is_met
FROM core.iteration
WHERE iteration_key = :iteration_key AND flight_to <= :now
