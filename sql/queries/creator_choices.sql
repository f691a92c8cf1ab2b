-- What the channels can be narrowed down to.
SELECT
    array_agg(DISTINCT platform ORDER BY platform) AS platforms,
    array_remove(array_agg(DISTINCT country ORDER BY country), NULL) AS countries,
    array_remove(array_agg(DISTINCT language ORDER BY language), NULL) AS languages,
    count(*) AS channel_count
FROM core.channel;
