-- What the teams learned.
SELECT
    lesson.lesson_key,
    lesson.finding_key,
    lesson.lane,
    lesson.statement,
    coalesce(
        (
            SELECT min(member.full_name) FROM core.role_member AS member
            WHERE member.person = lesson.owner
        ),
        lesson.owner
    ) AS owner,
    lesson.learned_at,
    lesson.expires_at
FROM core.lesson AS lesson
WHERE lesson.iteration_key = :iteration_key
ORDER BY lesson.learned_at, lesson.lesson_key;
