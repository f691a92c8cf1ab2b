-- How far the figures of a channel look like those of real people, as computed when they were last read.
SELECT
    scored_at,
    score,
    confidence,
    verdict,
    reasons,
    expires_at
FROM core.audience_quality
WHERE channel_key = :channel_key;
