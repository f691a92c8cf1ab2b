-- Who endorses a channel and whom it endorses, with the evidence, the most influential first.
WITH touching AS (
    SELECT
        'endorsed by' AS direction,
        edge.source_channel_key AS other_key,
        edge.kind,
        edge.first_seen_at,
        edge.last_seen_at
    FROM core.follow_edge AS edge
    WHERE edge.target_channel_key = :channel_key
    UNION ALL
    SELECT
        'endorses' AS direction,
        edge.target_channel_key AS other_key,
        edge.kind,
        edge.first_seen_at,
        edge.last_seen_at
    FROM core.follow_edge AS edge
    WHERE edge.source_channel_key = :channel_key
),

joined AS (
    SELECT
        touching.direction,
        touching.other_key,
        array_agg(touching.kind ORDER BY touching.kind) AS kinds,
        min(touching.first_seen_at) AS first_seen_at,
        max(touching.last_seen_at) AS last_seen_at
    FROM touching
    GROUP BY touching.direction, touching.other_key
),

numbered AS (
    SELECT
        joined.*,
        channel.title,
        channel.handle,
        rank.rank_no,
        count(*) OVER (PARTITION BY joined.direction) AS neighbour_count,
        row_number() OVER (
            PARTITION BY joined.direction
            ORDER BY rank.rank_no ASC NULLS LAST, joined.other_key ASC
        ) AS place
    FROM joined
    INNER JOIN core.channel AS channel ON joined.other_key = channel.channel_key
    LEFT JOIN core.channel_rank AS rank
        ON joined.other_key = rank.channel_key AND rank.graph_run_key = :graph_run_key
)

SELECT
    direction,
    other_key,
    kinds,
    first_seen_at,
    last_seen_at,
    title,
    handle,
    rank_no,
    neighbour_count
FROM numbered
WHERE place <= :row_limit
ORDER BY direction DESC, place ASC;
