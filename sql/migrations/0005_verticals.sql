-- Verticals that live from one graph to the next, that people can change, and what became of them; languages told from
-- what a channel says.

ALTER TABLE core.channel ADD COLUMN languages jsonb NOT NULL DEFAULT '{}'; -- language to its share of the channel's words
ALTER TABLE core.channel ADD COLUMN post_titles text[] NOT NULL DEFAULT '{}'; -- of the newest posts, for what it is about

ALTER TABLE core.vertical ADD COLUMN vertical_key text; -- the same in every graph it lives in; null before there were any
ALTER TABLE core.vertical ADD COLUMN topic text NOT NULL DEFAULT ''; -- what it is about in any language; empty when unknown
ALTER TABLE core.vertical ADD COLUMN stability double precision CHECK (stability BETWEEN 0 AND 1); -- null: made by people
ALTER TABLE core.vertical ADD COLUMN label_source text NOT NULL DEFAULT 'found'
    CHECK (label_source IN ('found', 'kept', 'person'));
ALTER TABLE core.vertical ADD COLUMN is_pinned boolean NOT NULL DEFAULT false; -- its members stay together in later graphs
CREATE INDEX vertical_lineage ON core.vertical (vertical_key);

-- What became of the verticals of the graph before.
CREATE TABLE core.vertical_event (
    graph_run_key text NOT NULL REFERENCES core.graph_run ON DELETE CASCADE,
    event_no int NOT NULL,
    world core.world NOT NULL,
    kind text NOT NULL CHECK (kind IN ('continued', 'born', 'died', 'split', 'merged')),
    vertical_key text, -- of this graph; null when it died
    earlier_key text, -- of the graph before; null when it was born
    earlier_label text NOT NULL DEFAULT '',
    overlap double precision NOT NULL CHECK (overlap BETWEEN 0 AND 1),
    PRIMARY KEY (graph_run_key, event_no)
);

-- What people made of the verticals, and who.
CREATE TABLE core.vertical_decision (
    decision_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    graph_run_key text NOT NULL REFERENCES core.graph_run ON DELETE CASCADE,
    world core.world NOT NULL,
    kind text NOT NULL CHECK (kind IN ('rename', 'merge', 'split', 'pin', 'unpin')),
    vertical_key text NOT NULL,
    detail text NOT NULL, -- as people read it
    person text NOT NULL,
    decided_at timestamptz NOT NULL
);
CREATE INDEX vertical_decision_run ON core.vertical_decision (graph_run_key);
