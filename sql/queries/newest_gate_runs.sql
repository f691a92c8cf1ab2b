-- The newest runs of the data-quality gates.
SELECT
    validation_run.validation_run_id,
    validation_run.asset,
    validation_run.decision,
    validation_run.row_count,
    validation_run.validated_at,
    ingest_run.world,
    ingest_run.iteration_key,
    ingest_run.state,
    ingest_run.snapshot_at,
    ingest_run.staged_count,
    ingest_run.quarantined_count,
    ingest_run.inserted_count,
    ingest_run.updated_count,
    array(
        SELECT result.rule
        FROM dq.expectation_result AS result
        WHERE result.validation_run_id = validation_run.validation_run_id AND NOT result.passed
        ORDER BY result.sequence_no
    ) AS failed_rules
FROM dq.validation_run AS validation_run
INNER JOIN ops.ingest_run AS ingest_run ON validation_run.ingest_run_id = ingest_run.ingest_run_id
ORDER BY validation_run.validation_run_id DESC
LIMIT :row_limit;
