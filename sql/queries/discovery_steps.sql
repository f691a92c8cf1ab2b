-- How far each step of some searches is: forecast and actual, in the order of the steps.
SELECT
    crawl_key,
    platform,
    step,
    bucket,
    item_forecast,
    item_count,
    call_forecast,
    calls_made,
    units_spent,
    moved_at
FROM ops.crawl_step
WHERE crawl_key = any(:crawl_keys)
ORDER BY crawl_key, platform, step_no;
