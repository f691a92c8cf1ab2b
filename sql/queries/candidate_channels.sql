-- Channels of a graph run that can be written to, most influential first, with their counters and vertical.
-- Only YouTube's: there prices are known and posts are watched. The others count in the graph and its ranks.
SELECT
    channel.channel_key,
    channel.title,
    channel.country,
    channel.language,
    rank.influence,
    rank.rank_no,
    rank.community_no,
    vertical.label AS vertical,
    vertical.channel_count AS vertical_size,
    rank.follower_count_in_graph AS endorser_count,
    latest.subscribers,
    latest.total_views,
    latest.post_count,
    latest.views_per_post,
    latest.view_definition
FROM core.channel_rank AS rank
INNER JOIN core.channel AS channel ON rank.channel_key = channel.channel_key
INNER JOIN core.vertical AS vertical
    ON rank.graph_run_key = vertical.graph_run_key AND rank.community_no = vertical.community_no
LEFT JOIN mart.channel_latest AS latest ON channel.channel_key = latest.channel_key
WHERE
    rank.graph_run_key = :graph_run_key
    AND channel.platform = 'youtube'
    AND EXISTS (
        SELECT FROM core.contact AS contact
        WHERE contact.channel_key = channel.channel_key
    )
ORDER BY rank.rank_no
