-- Who let a stage pass without a lane's check-in, and why.
SELECT
    check_in_override.stage,
    check_in_override.lane,
    check_in_override.reason,
    check_in_override.made_at,
    coalesce(
        (
            SELECT min(member.full_name) FROM core.role_member AS member
            WHERE member.person = check_in_override.person
        ),
        check_in_override.person
    ) AS full_name
FROM core.check_in_override AS check_in_override
WHERE check_in_override.iteration_key = :iteration_key
ORDER BY check_in_override.made_at;
