-- What the teams learned.
SELECT
    lesson.lesson_key,
    lesson.finding_key,
    lesson.lane,
    lesson.statement,
    lesson.owner,
    lesson.learned_at,
    lesson.expires_at
FROM core.lesson AS lesson
WHERE lesson.iteration_key = :iteration_key
ORDER BY lesson.learned_at, lesson.lesson_key;
