-- What each standing pipeline has to do at :now. Reads: outbox, deals, drafts, placements, posts, checks.
WITH active AS (
    SELECT
        iteration_key,
        state
    FROM core.iteration
    WHERE state NOT IN ('closed', 'rejected')
),

last_moved AS (
    SELECT
        source,
        max(moved_at) AS moved_at
    FROM ops.sync_cursor
    GROUP BY source
),

conversation AS (
    SELECT count(*) AS open_count
    FROM active
    WHERE active.state IN ('create', 'verify', 'publish')
),

watched AS (
    SELECT count(*) AS open_count
    FROM core.placement AS placement
    INNER JOIN active ON placement.iteration_key = active.iteration_key
    WHERE placement.state = 'armed' AND placement.window_from <= :now
),

recheck AS (
    SELECT count(*) AS open_count FROM core.post_check
    WHERE checked_at IS NULL AND due_at <= :now
),

snapshot_due AS (
    SELECT count(*) AS open_count
    FROM core.post AS post
    INNER JOIN core.placement AS placement ON post.placement_key = placement.placement_key
    INNER JOIN active ON placement.iteration_key = active.iteration_key
    LEFT JOIN mart.post_latest AS latest ON post.post_key = latest.post_key
    WHERE
        latest.post_key IS NULL
        OR least(
            post.published_at + greatest((latest.snapshot_at - post.published_at) * 1.5, interval '1 hour'),
            latest.snapshot_at + interval '48 hours'
        ) <= :now
),

over AS (
    SELECT cast(
        EXISTS (
            SELECT FROM core.channel AS channel
            WHERE channel.expires_at <= :now
        )
        OR EXISTS (
            SELECT FROM core.post AS post
            WHERE post.expires_at <= :now
        )
        OR EXISTS (
            SELECT FROM ops.raw_payload AS payload
            WHERE payload.expires_at <= :now
        )
        OR EXISTS (
            SELECT FROM core.channel_snapshot AS counted
            WHERE counted.observed_at <= :read_before
        )
        OR EXISTS (
            SELECT FROM core.follow_edge AS edge
            WHERE edge.last_seen_at <= :read_before
        )
        OR EXISTS (
            SELECT FROM core.post_metric_snapshot AS counted
            WHERE counted.observed_at <= :read_before
        )
        AS integer
    ) AS over_count
)

SELECT
    (
        SELECT count(*) FROM core.message
        WHERE
            direction = 'out'
            AND ((state = 'queued' AND due_at <= :now) OR (state = 'sending' AND claimed_at <= :claimed_before))
    ) AS send_messages,
    CASE
        WHEN
            coalesce((
                SELECT moved_at FROM last_moved
                WHERE source = 'mailbox'
            ), '-infinity') < :now
            THEN (SELECT open_count FROM conversation)
        ELSE 0
    END AS read_mailbox,
    CASE
        WHEN
            coalesce((
                SELECT moved_at FROM last_moved
                WHERE source = 'watch_posts'
            ), '-infinity') < :now
            THEN (SELECT open_count FROM watched)
        ELSE 0
    END + (SELECT open_count FROM recheck) AS watch_posts,
    (SELECT open_count FROM snapshot_due) AS refresh_metrics,
    CASE
        WHEN
            coalesce((
                SELECT moved_at FROM last_moved
                WHERE source = 'check_systems'
            ), '-infinity') <= :checked_before
            THEN (
                SELECT count(*) FROM active
                WHERE state IN ('verify', 'publish', 'monitor')
            )
        ELSE 0
    END AS check_systems,
    CASE
        WHEN
            coalesce((
                SELECT moved_at FROM last_moved
                WHERE source = 'expire_data'
            ), '-infinity') <= :expired_before
            THEN (SELECT over_count FROM over)
        ELSE 0
    END AS expire_data
