-- The quota windows that are open now: what is spent, what is left, when they reset. Credentials are not shown.
SELECT
    api,
    bucket,
    window_end,
    sum(unit_limit) AS unit_limit,
    sum(spent_units) AS spent_units
FROM ops.quota_bucket
WHERE window_start <= :now AND window_end > :now
GROUP BY api, bucket, window_end
ORDER BY api, bucket, window_end;
