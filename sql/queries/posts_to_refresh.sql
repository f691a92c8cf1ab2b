-- Posts of running iterations whose words expire before an instant.
SELECT
    post.post_key,
    post.world,
    post.platform,
    post.external_id,
    post.channel_key,
    post.placement_key,
    post.matched_by,
    post.url,
    post.published_at
FROM core.post AS post
INNER JOIN core.placement AS placement ON post.placement_key = placement.placement_key
INNER JOIN core.iteration AS iteration ON placement.iteration_key = iteration.iteration_key
WHERE
    post.world = :world
    AND post.platform = :platform
    AND post.expires_at <= :expires_before
    AND iteration.state NOT IN ('closed', 'rejected')
ORDER BY post.expires_at, post.post_key
