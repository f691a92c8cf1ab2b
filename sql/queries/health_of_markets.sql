-- How the business does in some markets, from :counted_from to :counted_to, apart from placements. Used for the baseline and for the result.
SELECT
    (
        SELECT count(*)
        FROM core.conversion AS conversion
        WHERE
            conversion.world = :world
            AND conversion.market = ANY(:markets)
            AND conversion.kind = :conversion_kind
            AND NOT conversion.is_test
            AND conversion.converted_at >= :counted_from
            AND conversion.converted_at < :counted_to
            AND NOT EXISTS (
                SELECT FROM core.credit AS credit
                WHERE credit.conversion_key = conversion.conversion_key
            )
    ) / span.days AS organic_conversions_per_day,
    (
        SELECT sum(report.sessions)
        FROM core.session_report AS report
        WHERE
            report.world = :world
            AND report.day_on >= cast(:counted_from AS date)
            AND report.day_on < cast(:counted_to AS date)
    ) / span.days AS sessions_per_day,
    (
        SELECT avg(cast(system_check.is_healthy AS int))
        FROM core.system_check AS system_check
        WHERE
            system_check.world = :world
            AND system_check.checked_at >= :counted_from
            AND system_check.checked_at <= :counted_to
            AND (system_check.market = '' OR system_check.market = ANY(:markets))
    ) AS system_availability
FROM (
    SELECT greatest(
        extract(EPOCH FROM cast(:counted_to AS timestamptz) - cast(:counted_from AS timestamptz)) / 86400, 1
    ) AS days
) AS span
