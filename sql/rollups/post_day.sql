-- Counters of each post at the end of each day (UTC). Only snapshots new in this publication (`fresh`) are counted,
-- so publishing the same batch again adds nothing; a late snapshot counts but does not displace a newer one.
WITH days AS (
    SELECT
        fresh.post_key,
        (fresh.snapshot_at AT TIME ZONE 'UTC')::date AS day_on,
        count(*) AS snapshot_count,
        max(fresh.snapshot_at) AS snapshot_at
    FROM fresh
    GROUP BY fresh.post_key, (fresh.snapshot_at AT TIME ZONE 'UTC')::date
)

INSERT INTO mart.post_day (
    post_key, day_on, views_at_end, likes_at_end, comments_at_end, snapshot_count, last_snapshot_at, view_definition
)
SELECT
    fresh.post_key,
    days.day_on,
    fresh.views,
    fresh.likes,
    fresh.comments,
    days.snapshot_count,
    days.snapshot_at,
    fresh.view_definition
FROM fresh
INNER JOIN days ON fresh.post_key = days.post_key AND fresh.snapshot_at = days.snapshot_at
ORDER BY fresh.post_key, days.day_on
ON CONFLICT (post_key, day_on) DO UPDATE
    SET
        views_at_end = CASE
            WHEN excluded.last_snapshot_at > post_day.last_snapshot_at
                THEN excluded.views_at_end
            ELSE post_day.views_at_end
        END,
        likes_at_end = CASE
            WHEN excluded.last_snapshot_at > post_day.last_snapshot_at
                THEN excluded.likes_at_end
            ELSE post_day.likes_at_end
        END,
        comments_at_end = CASE
            WHEN excluded.last_snapshot_at > post_day.last_snapshot_at
                THEN excluded.comments_at_end
            ELSE post_day.comments_at_end
        END,
        view_definition = CASE
            WHEN excluded.last_snapshot_at > post_day.last_snapshot_at
                THEN excluded.view_definition
            ELSE post_day.view_definition
        END,
        snapshot_count = post_day.snapshot_count + excluded.snapshot_count,
        last_snapshot_at = greatest(post_day.last_snapshot_at, excluded.last_snapshot_at);
