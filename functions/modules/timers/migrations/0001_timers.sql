-- What is said again and again, in the rhythm of its row; nothing here says who made it.
CREATE TABLE timers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    community_id bigint NOT NULL,
    name text NOT NULL,
    -- One of the two: every so many seconds, or at the times of five fields of cron.
    every_seconds integer NOT NULL DEFAULT 0,
    cron text NOT NULL DEFAULT '',
    after_lines integer NOT NULL CHECK (after_lines > 0),
    live_only boolean NOT NULL,
    jitter_seconds integer NOT NULL DEFAULT 0,
    UNIQUE (community_id, name),
    CHECK ((every_seconds > 0) <> (cron <> ''))
);

-- Several texts of a timer take turns.
CREATE TABLE timer_texts (
    timer_id bigint NOT NULL REFERENCES timers ON DELETE CASCADE,
    number integer NOT NULL,
    text text NOT NULL,
    PRIMARY KEY (timer_id, number)
);

-- Where it is said: how often it was, and what is planned next. A call that was planned as another
-- `run` is an old one, and silent.
CREATE TABLE timer_places (
    timer_id bigint NOT NULL REFERENCES timers ON DELETE CASCADE,
    entity_id text NOT NULL,
    said integer NOT NULL DEFAULT 0,
    run integer NOT NULL DEFAULT 0,
    due_id bigint,
    -- So many lines are heard there before it is said.
    after_lines bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (timer_id, entity_id)
);

-- When any timer last spoke in a place: none does again before a person did.
CREATE TABLE timer_turns (
    entity_id text PRIMARY KEY,
    said_at timestamptz NOT NULL
);
