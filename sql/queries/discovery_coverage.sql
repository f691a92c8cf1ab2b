-- How much of who-follows-whom could be read, by platform and country: of each channel, its list of follows.
SELECT
    channel.platform,
    channel.country,
    count(*) AS channel_count,
    count(*) FILTER (WHERE list.state IN ('read', 'absent')) AS read_count,
    count(*) FILTER (WHERE list.state = 'hidden') AS hidden_count,
    count(*) FILTER (WHERE list.state IS NULL) AS not_asked_count
FROM core.channel AS channel
LEFT JOIN core.follow_list AS list
    ON channel.channel_key = list.channel_key AND list.kind IN ('subscribes', 'follows')
GROUP BY channel.platform, channel.country
ORDER BY channel.platform ASC, channel_count DESC, channel.country ASC;
