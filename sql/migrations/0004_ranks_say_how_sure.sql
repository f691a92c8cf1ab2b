-- A rank with the places between which it lies, the parts of the score that people read, and how sure a graph run is.

ALTER TABLE core.channel_rank ADD COLUMN rank_best int;
ALTER TABLE core.channel_rank ADD COLUMN rank_worst int;
ALTER TABLE core.channel_rank ADD COLUMN score real CHECK (score BETWEEN 0 AND 100);
ALTER TABLE core.channel_rank ADD COLUMN score_parts jsonb NOT NULL DEFAULT '{}';
ALTER TABLE core.channel_rank ADD COLUMN group_ranks jsonb NOT NULL DEFAULT '{}';
ALTER TABLE core.channel_rank
ADD CONSTRAINT channel_rank_lies_between CHECK (rank_best <= rank_no AND rank_no <= rank_worst);

ALTER TABLE core.graph_run ADD COLUMN rank_quality jsonb NOT NULL DEFAULT '{}';
