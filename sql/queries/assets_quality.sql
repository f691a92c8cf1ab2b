-- Each published table: its gates so far, its rows in quarantine.
SELECT
    ingest_run.asset,
    count(*) AS run_count,
    count(*) FILTER (WHERE ingest_run.state IN ('blocked', 'failed')) AS trouble_count,
    coalesce(sum(ingest_run.staged_count), 0) AS staged_count,
    coalesce(sum(ingest_run.quarantined_count), 0) AS quarantined_count,
    coalesce(sum(ingest_run.inserted_count), 0) + coalesce(sum(ingest_run.updated_count), 0) AS published_count,
    max(ingest_run.snapshot_at) AS newest_at
FROM ops.ingest_run AS ingest_run
GROUP BY ingest_run.asset
ORDER BY ingest_run.asset;
