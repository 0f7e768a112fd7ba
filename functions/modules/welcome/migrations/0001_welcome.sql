-- How a community welcomes whoever is new; where there is no row nobody is welcomed. `place` is empty
-- where it is said where somebody wrote or came. Of the minute that began at `minute_at` it is known
-- how many were welcomed in it.
CREATE TABLE welcomes (
    community_id bigint PRIMARY KEY,
    first_lines boolean NOT NULL DEFAULT false,
    joins boolean NOT NULL DEFAULT false,
    text text NOT NULL DEFAULT '',
    place text NOT NULL DEFAULT '',
    place_name text NOT NULL DEFAULT '',
    minute_at timestamptz NOT NULL DEFAULT 'epoch',
    said integer NOT NULL DEFAULT 0
);

-- Who was welcomed: whoever joins and then writes is welcomed once.
CREATE TABLE people_welcomed (
    community_id bigint NOT NULL,
    platform text NOT NULL,
    user_id text NOT NULL,
    welcomed_at timestamptz NOT NULL,
    PRIMARY KEY (community_id, platform, user_id)
);
CREATE INDEX people_welcomed_of_account ON people_welcomed (platform, user_id);
