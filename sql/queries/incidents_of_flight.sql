-- Incidents that touch an iteration: its own, and those of systems in its markets while it ran.
SELECT
    incident.incident_key,
    incident.source,
    incident.system_key,
    incident.market,
    incident.title,
    incident.opened_at,
    incident.closed_at
FROM core.incident AS incident
WHERE
    incident.world = :world
    AND (
        incident.iteration_key = :iteration_key
        OR (
            incident.iteration_key IS NULL
            AND (incident.market = '' OR incident.market = ANY(:markets))
            AND incident.opened_at < :counted_to
            AND coalesce(incident.closed_at, 'infinity') > :counted_from
        )
    )
ORDER BY incident.opened_at, incident.incident_key
