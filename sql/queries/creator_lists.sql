-- What could be read of whom a channel follows.
SELECT
    kind,
    state,
    observed_at
FROM core.follow_list
WHERE channel_key = :channel_key
ORDER BY kind;
