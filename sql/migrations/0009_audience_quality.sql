-- How far the public figures of a channel look like those of real people; made by us, the newest score alone.

CREATE TABLE core.audience_quality (
    channel_key text PRIMARY KEY REFERENCES core.channel ON DELETE CASCADE ON UPDATE CASCADE,
    world core.world NOT NULL,
    scored_at timestamptz NOT NULL, -- when the figures were read
    score real CHECK (score BETWEEN 0 AND 100), -- null: too little data
    confidence real NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    verdict text NOT NULL CHECK (verdict IN ('too little data', 'nothing unusual', 'look closer', 'suspicious')),
    reasons jsonb NOT NULL DEFAULT '[]', -- signal, text, points_lost, is_explained; the weightiest first
    expires_at timestamptz, -- with what it was computed from, as its terms were then; null: no rule limits it
    CHECK ((score IS NULL) = (verdict = 'too little data'))
);
