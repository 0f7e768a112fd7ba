-- Words with typing errors are found by it; the owner of a database may make it, as it is trusted.
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;

ALTER TABLE memories
    ADD COLUMN category text NOT NULL DEFAULT '',
    ADD COLUMN tags text[] NOT NULL DEFAULT '{}',
    ADD COLUMN game text NOT NULL DEFAULT '',
    -- Of a quote that was a line of chat: the platform's ids of it and of who wrote it, where it
    -- stands, and when it was said.
    ADD COLUMN message text NOT NULL DEFAULT '',
    ADD COLUMN said_by text NOT NULL DEFAULT '',
    ADD COLUMN address text NOT NULL DEFAULT '',
    ADD COLUMN said_at timestamptz;
-- A line is kept once.
CREATE UNIQUE INDEX memories_of_lines ON memories (community_id, platform, message)
    WHERE message <> '' AND is_active;
CREATE INDEX memories_said_by ON memories (community_id, platform, said_by) WHERE said_by <> '';

CREATE TABLE memory_categories (
    community_id bigint NOT NULL,
    name text NOT NULL,
    description text NOT NULL DEFAULT '',
    color text NOT NULL DEFAULT '#007bff',
    icon text NOT NULL DEFAULT '📝',
    platform text NOT NULL,
    -- Empty once the person was forgotten.
    created_by text NOT NULL,
    PRIMARY KEY (community_id, name)
);
