-- The last number given in a community, by series ('memories', 'reminders'): numbers are never reused.
CREATE TABLE memory_numbers (
    community_id bigint NOT NULL,
    series text NOT NULL,
    last integer NOT NULL,
    PRIMARY KEY (community_id, series)
);

CREATE TABLE memories (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    community_id bigint NOT NULL,
    number integer NOT NULL,
    kind text NOT NULL CHECK (kind IN ('quote', 'url', 'note')),
    title text NOT NULL DEFAULT '',
    content text NOT NULL DEFAULT '',
    url text NOT NULL DEFAULT '',
    author text NOT NULL DEFAULT '',
    searchable text GENERATED ALWAYS AS (lower(title || ' ' || content || ' ' || author || ' ' || url)) STORED,
    platform text NOT NULL,
    -- The platform's id and name of the person who added it; empty once the person was forgotten.
    created_by text NOT NULL,
    created_by_name text NOT NULL,
    is_active boolean NOT NULL DEFAULT true,
    usage_count integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (community_id, number)
);
CREATE INDEX memories_by_kind ON memories (community_id, kind, number) WHERE is_active;
CREATE INDEX memories_by_person ON memories (community_id, platform, created_by);

CREATE TABLE reminders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    community_id bigint NOT NULL,
    number integer NOT NULL,
    entity_id text NOT NULL,
    platform text NOT NULL,
    user_id text NOT NULL,
    user_name text NOT NULL,
    words text NOT NULL,
    remind_at timestamptz NOT NULL,
    -- The row that fires it; the two are written together.
    due_id bigint NOT NULL,
    sent_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (community_id, number)
);
CREATE INDEX reminders_open ON reminders (community_id, platform, user_id, remind_at) WHERE sent_at IS NULL;
