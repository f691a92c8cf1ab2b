-- Live posts whose next look is due, one row for each post: the first look that is due.
SELECT DISTINCT ON (post_check.post_key)
    post_check.post_key,
    post_check.check_no,
    post.world,
    post.external_id,
    post.title,
    post.url,
    placement.placement_key,
    placement.iteration_key,
    placement.deal_key,
    placement.channel_key,
    placement.integration_type,
    channel.title AS channel_title,
    channel.country,
    link.short_url,
    link.promo_code
FROM core.post_check AS post_check
INNER JOIN core.post AS post ON post_check.post_key = post.post_key
INNER JOIN core.placement AS placement ON post.placement_key = placement.placement_key
INNER JOIN core.channel AS channel ON placement.channel_key = channel.channel_key
INNER JOIN core.tracking_link AS link ON placement.placement_key = link.placement_key
WHERE post_check.checked_at IS NULL AND post_check.due_at <= :now AND post.world = :world
ORDER BY post_check.post_key, post_check.due_at, post_check.check_no
