-- Accounts that are, or may be, one creator's: each pair that names a channel, confirmed ones first.
SELECT
    pair.state,
    pair.confidence,
    pair.evidence,
    pair.decided_by,
    pair.decided_at,
    other.channel_key AS other_key,
    other.platform,
    other.title,
    other.handle
FROM core.same_creator AS pair
INNER JOIN core.channel AS other
    ON
        other.channel_key
        = CASE WHEN pair.channel_key = :channel_key THEN pair.other_channel_key ELSE pair.channel_key END
WHERE pair.channel_key = :channel_key OR pair.other_channel_key = :channel_key
ORDER BY
    CASE pair.state WHEN 'confirmed' THEN 1 WHEN 'proposed' THEN 2 ELSE 3 END,
    pair.confidence DESC,
    other.channel_key ASC;
