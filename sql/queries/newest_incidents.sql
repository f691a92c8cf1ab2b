-- Incidents of everybody, the open ones first, then the newest; of one iteration when a key is given.
SELECT
    incident.incident_key,
    incident.world,
    incident.iteration_key,
    incident.market,
    incident.lane,
    incident.source,
    incident.title,
    incident.detail,
    incident.next_step,
    incident.page_path,
    incident.opened_at,
    incident.closed_at,
    system.name AS system_name,
    iteration.campaign
FROM core.incident AS incident
LEFT JOIN core.system AS system ON incident.system_key = system.system_key
LEFT JOIN core.iteration AS iteration ON incident.iteration_key = iteration.iteration_key
WHERE
    CAST(:iteration_key AS text) IS NULL
    OR incident.iteration_key = :iteration_key
    OR (
        incident.iteration_key IS NULL
        AND EXISTS (
            SELECT 1
            FROM core.iteration AS asked
            WHERE
                asked.iteration_key = :iteration_key
                AND asked.world = incident.world
                AND incident.opened_at <= coalesce(asked.closed_at, incident.opened_at)
                AND coalesce(incident.closed_at, incident.opened_at) >= asked.opened_at
                AND (incident.market = '' OR incident.market = ANY(asked.markets))
        )
    )
ORDER BY incident.closed_at IS NOT NULL, incident.opened_at DESC, incident.incident_key ASC
LIMIT :row_limit;
