-- The last number given in a community: numbers are never reused.
CREATE TABLE poll_numbers (
    community_id bigint NOT NULL PRIMARY KEY,
    last integer NOT NULL
);

CREATE TABLE polls (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    community_id bigint NOT NULL,
    number integer NOT NULL,
    question text NOT NULL,
    options text[] NOT NULL,
    is_secret boolean NOT NULL,
    tie text NOT NULL CHECK (tie IN ('share', 'lot')),
    status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closed', 'cancelled')),
    platform text NOT NULL,
    -- The platform's id of who opened it; empty once the person was forgotten.
    opened_by text NOT NULL,
    opened_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    -- Whether somebody said how long; else it ends by itself when it was forgotten.
    is_timed boolean NOT NULL,
    -- How many people chose each option, once it is over; who chose what is not needed for it.
    result integer[],
    -- Which options are first, counted from 0; more than one where the first place is shared.
    first smallint[],
    -- When the chart was shown last, and until when somebody is on the way to show it again.
    shown_at timestamptz,
    chart_at timestamptz,
    UNIQUE (community_id, number)
);
CREATE INDEX polls_open ON polls (community_id) WHERE status = 'open';
CREATE INDEX polls_by_person ON polls (community_id, platform, opened_by);

-- Where people were asked: each place is told once what became of it, by the row that fires there.
CREATE TABLE poll_places (
    poll_id bigint NOT NULL REFERENCES polls ON DELETE CASCADE,
    entity_id text NOT NULL,
    way_back jsonb NOT NULL,
    due_id bigint NOT NULL,
    opened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    told_at timestamptz,
    PRIMARY KEY (poll_id, entity_id)
);

-- By account: of those of one person the newest counts, also where they were linked afterwards.
CREATE TABLE poll_votes (
    poll_id bigint NOT NULL REFERENCES polls ON DELETE CASCADE,
    platform text NOT NULL,
    user_id text NOT NULL,
    option smallint NOT NULL,
    voted_at timestamptz NOT NULL,
    PRIMARY KEY (poll_id, platform, user_id)
);
CREATE INDEX poll_votes_by_person ON poll_votes (platform, user_id);
