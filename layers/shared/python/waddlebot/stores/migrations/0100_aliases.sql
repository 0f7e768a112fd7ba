-- What communities call lines of theirs: `!hug bob` for `!so bob`. Deleted aliases leave the number
-- of their counter only while another one counts with it.
CREATE TABLE aliases (
    id           bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    community_id bigint NOT NULL REFERENCES communities ON DELETE CASCADE,
    alias        text NOT NULL,
    text         text NOT NULL,
    UNIQUE (community_id, alias)
);
CREATE TABLE alias_counters (
    community_id bigint NOT NULL REFERENCES communities ON DELETE CASCADE,
    counter      text NOT NULL,
    counted      bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (community_id, counter)
);
