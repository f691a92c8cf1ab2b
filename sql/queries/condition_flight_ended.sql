-- Whether the iteration's flight is over. Parameters: iteration_key, now.
SELECT EXISTS (SELECT FROM core.iteration WHERE iteration_key = :iteration_key AND flight_to <= :now) AS is_met
