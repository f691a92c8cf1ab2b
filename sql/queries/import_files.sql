-- The files that people brought, the newest first; one when a key is given.
SELECT
    import_file.import_key,
    import_file.world,
    import_file.file_name,
    import_file.kind,
    import_file.byte_count,
    import_file.state,
    import_file.preview,
    import_file.report,
    import_file.uploaded_at,
    import_file.confirmed_at,
    import_file.ended_at,
    coalesce(uploader.full_name, import_file.uploaded_by) AS uploaded_by,
    coalesce(confirmer.full_name, import_file.confirmed_by) AS confirmed_by
FROM ops.import_file AS import_file
LEFT JOIN (SELECT DISTINCT person, full_name FROM core.role_member) AS uploader -- noqa: ST05
    ON import_file.uploaded_by = uploader.person
LEFT JOIN (SELECT DISTINCT person, full_name FROM core.role_member) AS confirmer -- noqa: ST05
    ON import_file.confirmed_by = confirmer.person
WHERE CAST(:import_key AS text) IS NULL OR import_file.import_key = :import_key
ORDER BY import_file.uploaded_at DESC, import_file.import_key
LIMIT :row_limit;
