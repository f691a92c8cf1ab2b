-- Tables that people bring: the file as it came until it is published, what was understood of it, who confirmed it.

CREATE TABLE ops.import_file (
    import_key text PRIMARY KEY CHECK (import_key ~ '^[0-9a-f]{24}$'),
    world core.world NOT NULL,
    file_name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('creators', 'channels', 'edges')),
    byte_count bigint NOT NULL CHECK (byte_count >= 0),
    state text NOT NULL CHECK (state IN ('previewed', 'confirmed', 'published', 'failed', 'discarded')),
    preview jsonb NOT NULL,
    report jsonb NOT NULL DEFAULT '{}',
    uploaded_by text NOT NULL,
    uploaded_at timestamptz NOT NULL,
    confirmed_by text,
    confirmed_at timestamptz,
    ended_at timestamptz,
    CHECK (state IN ('previewed', 'discarded') OR confirmed_by IS NOT NULL)
);
CREATE INDEX import_file_waiting ON ops.import_file (confirmed_at) WHERE state = 'confirmed';

-- In pieces, so that no process ever holds a whole file, and any worker can read it.
CREATE TABLE ops.import_piece (
    import_key text NOT NULL REFERENCES ops.import_file ON DELETE CASCADE,
    piece_no int NOT NULL CHECK (piece_no >= 0),
    body bytea NOT NULL,
    PRIMARY KEY (import_key, piece_no)
);

-- A file may hold addresses: pages show its preview, never the file.
REVOKE SELECT ON ops.import_piece FROM mardev_reader;

-- A channel that a file names by its handle alone is looked for by it.
CREATE INDEX channel_handle ON core.channel (platform, lower(ltrim(handle, '@')));
