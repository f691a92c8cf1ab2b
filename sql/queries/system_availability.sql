-- Checks of each system in a time; systems of one market only for the markets asked for.
SELECT
    system.system_key,
    system.name,
    system_check.market,
    count(*) AS check_count,
    count(*) FILTER (WHERE NOT system_check.is_healthy) AS failed_count,
    avg(system_check.latency_ms) FILTER (WHERE system_check.is_healthy) AS mean_latency_ms
FROM core.system_check AS system_check
INNER JOIN core.system AS system ON system_check.system_key = system.system_key
WHERE
    system_check.world = :world
    AND (system_check.market = '' OR system_check.market = ANY(:markets))
    AND system_check.checked_at BETWEEN :counted_from AND :counted_to
GROUP BY system.system_key, system.name, system_check.market
ORDER BY system.system_key, system_check.market
