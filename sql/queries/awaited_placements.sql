-- Armed placements without a post, from the opening of their window on.
SELECT
    placement.placement_key,
    placement.iteration_key,
    placement.channel_key,
    placement.created_at,
    channel.uploads_playlist,
    link.short_url,
    link.short_code,
    link.promo_code
FROM core.placement AS placement
INNER JOIN core.channel AS channel ON placement.channel_key = channel.channel_key
INNER JOIN core.tracking_link AS link ON placement.placement_key = link.placement_key
INNER JOIN core.iteration AS iteration ON placement.iteration_key = iteration.iteration_key
WHERE
    placement.world = :world
    AND placement.state = 'armed'
    AND placement.window_from <= :now
    AND iteration.state NOT IN ('closed', 'rejected')
    AND channel.uploads_playlist IS NOT NULL
ORDER BY placement.placement_key
