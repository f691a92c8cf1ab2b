-- One iteration as it was opened.
SELECT
    iteration_key,
    world,
    campaign,
    objective,
    conversion_kind,
    difference,
    form,
    markets,
    languages,
    topics,
    integration_types,
    budget_amount,
    budget_currency,
    flight_from,
    flight_to,
    coalesce(
        (
            SELECT min(member.full_name) FROM core.role_member AS member
            WHERE member.person = iteration.owner
        ),
        owner
    ) AS owner,
    led_by,
    revision,
    follows_iteration_key,
    state,
    coalesce(
        (
            SELECT min(member.full_name) FROM core.role_member AS member
            WHERE member.person = iteration.opened_by
        ),
        opened_by
    ) AS opened_by,
    opened_at,
    closed_at
FROM core.iteration AS iteration
WHERE iteration_key = :iteration_key;
