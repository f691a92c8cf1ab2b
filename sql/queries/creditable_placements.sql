-- Placements whose link and code may earn credit.
SELECT
    link.placement_key,
    link.promo_code,
    link.enabled_at,
    placement.window_to
FROM core.tracking_link AS link
INNER JOIN core.placement AS placement ON link.placement_key = placement.placement_key
WHERE link.world = :world AND link.enabled_at IS NOT NULL
ORDER BY link.placement_key
