-- Every request of an iteration with its answer, in the order asked.
SELECT
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
    request.dag_id,
    request.run_id,
    request.task_id,
    request.asked_at,
    request.state,
    request.taken_up_at,
    approval.person,
    approval.answer,
    approval.reason,
    approval.fields,
    approval.answered_at,
    coalesce(
        (
            SELECT min(member.full_name) FROM core.role_member AS member
            WHERE member.person = approval.person
        ),
        approval.person
    ) AS full_name
FROM core.decision_request AS request
LEFT JOIN core.approval AS approval
    ON
        request.iteration_key = approval.iteration_key
        AND request.decision_key = approval.decision_key
        AND request.attempt = approval.attempt
WHERE request.iteration_key = :iteration_key
ORDER BY request.asked_at, request.decision_key, request.attempt;
