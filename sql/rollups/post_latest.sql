-- The newest counters of each post. `fresh` are the snapshots that were new in this publication.
WITH newest AS (
    SELECT
        fresh.post_key,
        max(fresh.snapshot_at) AS snapshot_at
    FROM fresh
    GROUP BY fresh.post_key
)

INSERT INTO mart.post_latest (post_key, snapshot_at, views, likes, comments, view_definition)
SELECT
    fresh.post_key,
    fresh.snapshot_at,
    fresh.views,
    fresh.likes,
    fresh.comments,
    fresh.view_definition
FROM fresh
INNER JOIN newest ON fresh.post_key = newest.post_key AND fresh.snapshot_at = newest.snapshot_at
ORDER BY fresh.post_key
ON CONFLICT (post_key) DO UPDATE
    SET
        snapshot_at = excluded.snapshot_at,
        views = excluded.views,
        likes = excluded.likes,
        comments = excluded.comments,
        view_definition = excluded.view_definition
    WHERE excluded.snapshot_at > post_latest.snapshot_at;
