-- Names of some channels.
SELECT
    channel.channel_key,
    channel.title
FROM core.channel AS channel
WHERE channel.channel_key = ANY(:channel_keys);
