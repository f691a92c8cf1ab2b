-- The creators of a graph with everything that a file of it says, the most influential first.
WITH lists AS (
    SELECT
        channel_key,
        string_agg(kind, ', ' ORDER BY kind) FILTER (WHERE state = 'hidden') AS hidden_lists,
        string_agg(kind, ', ' ORDER BY kind) FILTER (WHERE state = 'read') AS read_lists
    FROM core.follow_list
    WHERE world = :world
    GROUP BY channel_key
)

SELECT
    rank.channel_key,
    rank.rank_no,
    rank.influence,
    rank.follower_count_in_graph,
    rank.community_no,
    vertical.label AS vertical,
    rank.x,
    rank.y,
    coalesce(channel.title, rank.channel_key) AS title,
    channel.platform,
    channel.handle,
    channel.country,
    channel.language,
    latest.subscribers,
    latest.subscribers_hidden,
    latest.average_daily_views,
    plan_row.choice,
    lists.hidden_lists,
    lists.read_lists,
    channel.first_seen_at,
    channel.refreshed_at,
    channel.expires_at
FROM core.channel_rank AS rank
LEFT JOIN core.channel AS channel ON rank.channel_key = channel.channel_key
LEFT JOIN mart.channel_latest AS latest ON rank.channel_key = latest.channel_key
LEFT JOIN core.vertical AS vertical
    ON rank.graph_run_key = vertical.graph_run_key AND rank.community_no = vertical.community_no
LEFT JOIN core.plan_row AS plan_row
    ON rank.channel_key = plan_row.channel_key AND plan_row.iteration_key = :iteration_key
LEFT JOIN lists ON rank.channel_key = lists.channel_key
WHERE rank.graph_run_key = :graph_run_key
ORDER BY rank.rank_no, rank.channel_key;
