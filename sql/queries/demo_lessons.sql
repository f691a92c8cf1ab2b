-- What both teams learned.
SELECT
    lesson.lane,
    lesson.owner,
    lesson.statement
FROM core.lesson AS lesson
WHERE lesson.iteration_key = :iteration_key
ORDER BY lesson.lane
