-- The last number given in a community: numbers are never reused. Its row is the community's lock.
CREATE TABLE giveaway_numbers (
    community_id bigint NOT NULL PRIMARY KEY,
    last integer NOT NULL DEFAULT 0
);

CREATE TABLE giveaways (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    community_id bigint NOT NULL,
    number integer NOT NULL,
    prize text NOT NULL,
    status text NOT NULL CHECK (status IN ('open', 'closed', 'drawn', 'cancelled')),
    winners integer NOT NULL CHECK (winners > 0),
    claim_seconds integer NOT NULL CHECK (claim_seconds > 0),
    -- How often an entry counts, by the label of its person: {"subs": 2}.
    weights jsonb NOT NULL,
    without_moderators boolean NOT NULL,
    -- NULL where a moderator draws.
    ends_at timestamptz,
    -- Nobody reads it before it is told; its hash is said when the giveaway begins.
    seed text NOT NULL,
    commitment text NOT NULL,
    seed_told boolean NOT NULL DEFAULT false,
    -- Names of entries are made with it. It is never told: ids of people are few enough to try all.
    salt bytea NOT NULL,
    -- Of all entries that may win, once nobody comes in any more.
    list_hash text NOT NULL DEFAULT '',
    proof_token text NOT NULL UNIQUE,
    way_back jsonb NOT NULL,
    platform text NOT NULL,
    -- Empty once the person was forgotten.
    started_by text NOT NULL,
    started_by_name text NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (community_id, number)
);
CREATE UNIQUE INDEX giveaways_running ON giveaways (community_id)
    WHERE status IN ('open', 'closed');

CREATE TABLE giveaway_entries (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    giveaway_id bigint NOT NULL REFERENCES giveaways ON DELETE CASCADE,
    -- What stands for the person on the page that all may read.
    entry text NOT NULL,
    weight integer NOT NULL CHECK (weight BETWEEN 1 AND 10),
    -- Why it may not win, found when entries were closed; empty where it may.
    left_out text NOT NULL DEFAULT '',
    -- NULL once the person was forgotten; the entry stays in the list that was closed.
    platform text,
    user_id text,
    user_name text,
    login text,
    way_back jsonb,
    entered_at timestamptz NOT NULL,
    UNIQUE (giveaway_id, platform, user_id),
    UNIQUE (giveaway_id, entry)
);
CREATE INDEX giveaway_entries_by_person ON giveaway_entries (platform, user_id);

-- Who was drawn, in the order of the draw, and what came of it.
CREATE TABLE giveaway_draws (
    giveaway_id bigint NOT NULL REFERENCES giveaways ON DELETE CASCADE,
    place integer NOT NULL,
    entry_id bigint NOT NULL REFERENCES giveaway_entries ON DELETE CASCADE,
    outcome text NOT NULL,
    told boolean NOT NULL DEFAULT false,
    claim_until timestamptz NOT NULL,
    PRIMARY KEY (giveaway_id, place),
    UNIQUE (giveaway_id, entry_id)
);
CREATE INDEX giveaway_draws_by_entry ON giveaway_draws (entry_id);

-- Who may not win: by id where one is known, by login where a moderator named one.
CREATE TABLE giveaway_exclusions (
    giveaway_id bigint NOT NULL REFERENCES giveaways ON DELETE CASCADE,
    platform text NOT NULL,
    user_id text NOT NULL,
    login text NOT NULL,
    why text NOT NULL CHECK (why IN ('excluded', 'banned')),
    PRIMARY KEY (giveaway_id, platform, user_id, login)
);
CREATE INDEX giveaway_exclusions_by_person ON giveaway_exclusions (platform, user_id);
