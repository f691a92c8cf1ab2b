-- Live posts of running iterations whose next reading is due: after one hour, then at 1.5 times the age of the last, 48 hours at most.
SELECT
    post.post_key,
    post.external_id
FROM core.post AS post
INNER JOIN core.placement AS placement ON post.placement_key = placement.placement_key
INNER JOIN core.iteration AS iteration ON placement.iteration_key = iteration.iteration_key
LEFT JOIN mart.post_latest AS latest ON post.post_key = latest.post_key
WHERE
    post.world = :world
    AND iteration.state NOT IN ('closed', 'rejected')
    AND (
        latest.post_key IS NULL
        OR least(
            post.published_at + greatest((latest.snapshot_at - post.published_at) * 1.5, interval '1 hour'),
            latest.snapshot_at + interval '48 hours'
        ) <= :now
    )
ORDER BY post.post_key
