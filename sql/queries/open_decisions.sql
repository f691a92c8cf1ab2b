-- What waits for a person, oldest first: the newest attempt of each request.
SELECT DISTINCT ON (request.iteration_key, request.decision_key)
    request.iteration_key,
    request.decision_key,
    request.attempt,
    request.role,
    request.accountable_role,
    request.responsible,
    request.consulted,
    request.informed,
    request.subject,
    request.page_path,
    request.options,
    request.asked_at,
    iteration.campaign,
    iteration.world,
    iteration.state AS stage
FROM core.decision_request AS request
INNER JOIN core.iteration AS iteration ON request.iteration_key = iteration.iteration_key
WHERE
    request.state = 'open'
    AND NOT EXISTS (
        SELECT 1
        FROM core.approval AS approval
        WHERE
            approval.iteration_key = request.iteration_key
            AND approval.decision_key = request.decision_key
            AND approval.attempt = request.attempt
    )
ORDER BY request.iteration_key ASC, request.decision_key ASC, request.attempt DESC;
