-- Each placement as an advertisement: what was booked, what went live, what it cost and brought.
WITH clicked AS (
    SELECT
        hit.placement_key,
        count(*) AS hits,
        count(*) FILTER (WHERE hit.is_click) AS clicks
    FROM core.hit AS hit
    INNER JOIN core.placement AS placement ON hit.placement_key = placement.placement_key
    WHERE placement.iteration_key = :iteration_key
    GROUP BY hit.placement_key
),

converted AS (
    SELECT
        credit.placement_key,
        count(*) FILTER (WHERE conversion.kind = iteration.conversion_kind) AS conversions,
        sum(conversion.revenue_amount)
        FILTER (WHERE conversion.revenue_currency = placement.booked_currency) AS revenue_amount
    FROM core.credit AS credit
    INNER JOIN core.conversion AS conversion ON credit.conversion_key = conversion.conversion_key
    INNER JOIN core.placement AS placement ON credit.placement_key = placement.placement_key
    INNER JOIN core.iteration AS iteration ON placement.iteration_key = iteration.iteration_key
    WHERE placement.iteration_key = :iteration_key AND NOT conversion.is_test
    GROUP BY credit.placement_key
),

paid AS (
    SELECT
        cost.placement_key,
        sum(cost.amount) AS cost_amount
    FROM core.cost AS cost
    INNER JOIN core.placement AS placement ON cost.placement_key = placement.placement_key
    WHERE cost.iteration_key = :iteration_key AND cost.currency = placement.booked_currency
    GROUP BY cost.placement_key
),

published AS (
    SELECT DISTINCT ON (post.placement_key)
        post.placement_key,
        post.post_key,
        post.title,
        post.url,
        post.published_at,
        post.matched_by,
        post.expired_at AS post_expired_at,
        latest.views,
        latest.likes,
        latest.comments
    FROM core.post AS post
    INNER JOIN core.placement AS placement ON post.placement_key = placement.placement_key
    LEFT JOIN mart.post_latest AS latest ON post.post_key = latest.post_key
    WHERE placement.iteration_key = :iteration_key
    ORDER BY post.placement_key, post.published_at, post.post_key
),

checked AS (
    SELECT DISTINCT ON (post_check.post_key)
        post_check.post_key,
        post_check.checked_at,
        post_check.is_available,
        post_check.link_is_right,
        post_check.is_disclosed,
        post_check.detail
    FROM core.post_check AS post_check
    INNER JOIN published ON post_check.post_key = published.post_key
    WHERE post_check.checked_at IS NOT NULL
    ORDER BY post_check.post_key ASC, post_check.checked_at DESC
)

SELECT
    placement.placement_key,
    placement.channel_key,
    placement.integration_type,
    placement.window_from,
    placement.window_to,
    placement.booked_amount,
    placement.booked_currency,
    placement.state,
    deal.approach_order,
    channel.title AS creator,
    channel.country,
    channel.language,
    link.short_url,
    link.promo_code,
    link.check_passed,
    link.check_detail,
    published.title AS post_title,
    published.url AS post_url,
    published.published_at,
    published.matched_by,
    published.post_expired_at,
    published.views,
    published.likes,
    published.comments,
    checked.checked_at,
    checked.is_available,
    checked.link_is_right,
    checked.is_disclosed,
    checked.detail AS check_text,
    coalesce(clicked.hits, 0) AS hits,
    coalesce(clicked.clicks, 0) AS clicks,
    coalesce(converted.conversions, 0) AS conversions,
    coalesce(converted.revenue_amount, 0) AS revenue_amount,
    paid.cost_amount
FROM core.placement AS placement
INNER JOIN core.deal AS deal ON placement.deal_key = deal.deal_key
INNER JOIN core.channel AS channel ON placement.channel_key = channel.channel_key
LEFT JOIN core.tracking_link AS link ON placement.placement_key = link.placement_key
LEFT JOIN clicked ON placement.placement_key = clicked.placement_key
LEFT JOIN converted ON placement.placement_key = converted.placement_key
LEFT JOIN paid ON placement.placement_key = paid.placement_key
LEFT JOIN published ON placement.placement_key = published.placement_key
LEFT JOIN checked ON published.post_key = checked.post_key
WHERE placement.iteration_key = :iteration_key
ORDER BY deal.approach_order, placement.placement_key;
