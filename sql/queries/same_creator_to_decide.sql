-- Pairs of channels that may be one creator's and wait for a person, the surest first.
SELECT
    pair.channel_key,
    pair.other_channel_key,
    channel.title,
    other.title AS other_title,
    pair.confidence,
    pair.evidence,
    pair.proposed_at
FROM core.same_creator AS pair
INNER JOIN core.channel AS channel ON pair.channel_key = channel.channel_key
INNER JOIN core.channel AS other ON pair.other_channel_key = other.channel_key
WHERE pair.world = :world AND pair.state = 'proposed'
ORDER BY pair.confidence DESC, pair.channel_key ASC, pair.other_channel_key ASC
LIMIT :row_limit
