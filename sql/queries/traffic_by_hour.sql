-- Clicks, and conversions credited, of each placement hour by hour.
WITH clicks AS (
    SELECT
        hit.placement_key,
        date_trunc('hour', hit.hit_at) AS hour,
        count(*) AS click_count
    FROM core.hit AS hit
    INNER JOIN core.placement AS placement ON hit.placement_key = placement.placement_key
    WHERE
        placement.iteration_key = :iteration_key
        AND hit.is_click
        AND hit.hit_at >= :counted_from
        AND hit.hit_at < :counted_to
    GROUP BY hit.placement_key, date_trunc('hour', hit.hit_at)
),

conversions AS (
    SELECT
        credit.placement_key,
        date_trunc('hour', conversion.converted_at) AS hour,
        count(*) AS conversion_count
    FROM core.credit AS credit
    INNER JOIN core.conversion AS conversion ON credit.conversion_key = conversion.conversion_key
    INNER JOIN core.placement AS placement ON credit.placement_key = placement.placement_key
    INNER JOIN core.iteration AS iteration ON placement.iteration_key = iteration.iteration_key
    WHERE
        placement.iteration_key = :iteration_key
        AND conversion.kind = iteration.conversion_kind
        AND conversion.converted_at >= :counted_from
        AND conversion.converted_at < :counted_to
    GROUP BY credit.placement_key, date_trunc('hour', conversion.converted_at)
)

SELECT
    coalesce(clicks.placement_key, conversions.placement_key) AS placement_key,
    channel.country AS market,
    coalesce(clicks.hour, conversions.hour) AS hour,
    coalesce(clicks.click_count, 0) AS clicks,
    coalesce(conversions.conversion_count, 0) AS conversions
FROM clicks
FULL JOIN conversions ON clicks.placement_key = conversions.placement_key AND clicks.hour = conversions.hour
INNER JOIN core.placement AS placement
    ON placement.placement_key = coalesce(clicks.placement_key, conversions.placement_key)
INNER JOIN core.channel AS channel ON placement.channel_key = channel.channel_key
ORDER BY placement_key, hour
