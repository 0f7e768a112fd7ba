-- What a person keeps for nobody else: no command of anybody else's reads it.
CREATE TABLE private_notes (
    community_id bigint NOT NULL,
    number integer NOT NULL,
    platform text NOT NULL,
    user_id text NOT NULL,
    words text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (community_id, number)
);
CREATE INDEX private_notes_of_person ON private_notes (community_id, platform, user_id);
