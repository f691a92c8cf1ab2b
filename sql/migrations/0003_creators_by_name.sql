-- Creators whom a form asks for or rules out: what became of each, and why a retrospective named them.

ALTER TABLE core.plan ADD COLUMN wishes jsonb NOT NULL DEFAULT '[]';
ALTER TABLE core.proposal ADD COLUMN creator_reasons jsonb NOT NULL DEFAULT '{}';
