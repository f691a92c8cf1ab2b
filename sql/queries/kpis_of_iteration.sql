-- What was aimed at, from where, and what came out.
SELECT
    kpi_key,
    name,
    unit,
    direction,
    is_health_indicator,
    baseline_value,
    baseline_from,
    baseline_to,
    target_value,
    result_value,
    measured_at,
    source
FROM core.kpi_target
WHERE iteration_key = :iteration_key
ORDER BY is_health_indicator, kpi_key;
