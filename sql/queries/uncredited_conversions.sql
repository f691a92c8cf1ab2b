-- Conversions that carry a code or a placement and have no credit yet.
SELECT
    conversion.conversion_key,
    conversion.converted_at,
    conversion.promo_code,
    conversion.utm_content,
    conversion.is_test
FROM core.conversion AS conversion
WHERE
    conversion.world = :world
    AND NOT conversion.is_test
    AND (conversion.promo_code IS NOT NULL OR conversion.utm_content IS NOT NULL)
    AND NOT EXISTS (
        SELECT FROM core.credit AS credit
        WHERE credit.conversion_key = conversion.conversion_key
    )
ORDER BY conversion.conversion_key
