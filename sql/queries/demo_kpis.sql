-- KPIs against their targets.
SELECT
    kpi.name,
    kpi.unit,
    kpi.target_value,
    kpi.result_value,
    CASE
        WHEN kpi.target_value IS NULL OR kpi.result_value IS NULL THEN NULL
        WHEN kpi.direction = 'up' THEN kpi.result_value >= kpi.target_value
        ELSE kpi.result_value <= kpi.target_value
    END AS is_reached
FROM core.kpi_target AS kpi
WHERE kpi.iteration_key = :iteration_key
ORDER BY kpi.is_health_indicator, kpi.kpi_key
