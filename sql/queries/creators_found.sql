-- The channels that fit what a person asked for, one page of them, with their place in one graph run.
WITH found AS (
    SELECT
        channel.channel_key,
        channel.world,
        channel.platform,
        channel.title,
        channel.handle,
        channel.country,
        channel.language,
        channel.refreshed_at,
        channel.expires_at,
        latest.subscribers,
        coalesce(latest.subscribers_hidden, FALSE) AS subscribers_hidden,
        latest.average_daily_views,
        rank.rank_no,
        rank.rank_best,
        rank.rank_worst,
        rank.score,
        rank.follower_count_in_graph,
        vertical.label AS vertical,
        list.state AS list_state
    FROM core.channel AS channel
    LEFT JOIN mart.channel_latest AS latest ON channel.channel_key = latest.channel_key
    LEFT JOIN core.channel_rank AS rank
        ON channel.channel_key = rank.channel_key AND rank.graph_run_key = :graph_run_key
    LEFT JOIN core.vertical AS vertical
        ON rank.graph_run_key = vertical.graph_run_key AND rank.community_no = vertical.community_no
    LEFT JOIN core.follow_list AS list
        ON channel.channel_key = list.channel_key AND list.kind IN ('subscribes', 'follows')
    WHERE
        (
            :words = ''
            OR position(lower(:words) IN lower(channel.title)) > 0
            OR position(lower(:words) IN lower(coalesce(channel.handle, ''))) > 0
        )
        AND (:platform = '' OR channel.platform = :platform)
        AND (:country = '' OR channel.country = :country)
        AND (:language = '' OR channel.language = :language)
        AND (CAST(:vertical AS int) IS NULL OR rank.community_no = :vertical)
        AND (CAST(:at_least AS bigint) IS NULL OR latest.subscribers >= :at_least)
        AND (CAST(:less_than AS bigint) IS NULL OR latest.subscribers < :less_than)
)

SELECT
    found.*,
    count(*) OVER () AS found_count
FROM found
ORDER BY
    CASE WHEN :sort = 'rank' THEN found.rank_no END ASC NULLS LAST,
    CASE WHEN :sort = 'subscribers' THEN found.subscribers END DESC NULLS LAST,
    CASE WHEN :sort = 'daily_views' THEN found.average_daily_views END DESC NULLS LAST,
    CASE WHEN :sort = 'name' THEN lower(found.title) END ASC NULLS LAST,
    found.channel_key ASC
LIMIT :row_limit OFFSET :skipped;
