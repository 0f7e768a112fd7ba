-- A community's row is its lock as well.
CREATE TABLE shoutout_settings (
    community_id bigint PRIMARY KEY,
    -- Raids of so many viewers are answered; 0: none is.
    raid_from integer NOT NULL DEFAULT 0
);

CREATE TABLE shoutout_friends (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    community_id bigint NOT NULL,
    -- Twitch's id; empty while Twitch did not say it. The login is the newest that is known.
    user_id text NOT NULL DEFAULT '',
    login text NOT NULL,
    name text NOT NULL,
    -- What is said of them; empty where it is the usual.
    said text NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX shoutout_friends_by_id ON shoutout_friends (community_id, user_id)
    WHERE user_id <> '';
CREATE UNIQUE INDEX shoutout_friends_by_login ON shoutout_friends (community_id, login)
    WHERE user_id = '';

-- Who is never recommended: by id where one is known, by login where that is all.
CREATE TABLE shoutout_blocks (
    community_id bigint NOT NULL,
    platform text NOT NULL,
    user_id text NOT NULL,
    login text NOT NULL,
    why text NOT NULL CHECK (why IN ('blocked', 'banned')),
    PRIMARY KEY (community_id, platform, user_id, login)
);

-- The newest of each community.
CREATE TABLE shoutouts_given (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    community_id bigint NOT NULL,
    entity_id text NOT NULL,
    user_id text NOT NULL,
    login text NOT NULL,
    name text NOT NULL,
    game text NOT NULL,
    is_raid boolean NOT NULL,
    -- Twitch was asked for its own shoutout as well.
    is_native boolean NOT NULL,
    -- Empty of a raid, and once that person was forgotten.
    by_platform text NOT NULL,
    by_id text NOT NULL,
    by_name text NOT NULL,
    given_at timestamptz NOT NULL
);
CREATE INDEX shoutouts_given_newest ON shoutouts_given (community_id, id);

-- When somebody's raid was last answered: two at one moment are answered once.
CREATE TABLE shoutout_raids (
    community_id bigint NOT NULL,
    user_id text NOT NULL,
    answered_at timestamptz NOT NULL,
    PRIMARY KEY (community_id, user_id)
);
