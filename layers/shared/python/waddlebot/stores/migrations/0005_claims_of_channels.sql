-- What decides which channels come first, and what an operator reads of a claim. A shard of
-- Discord is claimed with all its servers: they stand in its row.
ALTER TABLE coordination
    ADD COLUMN is_live boolean NOT NULL DEFAULT false,
    ADD COLUMN viewer_count integer NOT NULL DEFAULT 0,
    ADD COLUMN servers text[] NOT NULL DEFAULT '{}',
    ADD COLUMN trouble text NOT NULL DEFAULT '';
