-- Rows the gates refused and nobody has settled yet, the newest first.
SELECT
    quarantined.quarantined_row_id,
    quarantined.asset,
    quarantined.world,
    quarantined.rules,
    -- Addresses of people and untouched answers are not for pages.
    quarantined.payload - 'email' - 'record' AS payload,
    quarantined.quarantined_at,
    ingest_run.snapshot_at
FROM dq.quarantined_row AS quarantined
INNER JOIN ops.ingest_run AS ingest_run ON quarantined.ingest_run_id = ingest_run.ingest_run_id
WHERE quarantined.resolved_at IS NULL
ORDER BY quarantined.quarantined_row_id DESC
LIMIT :row_limit;
