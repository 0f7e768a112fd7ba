-- One person on several platforms. Who has linked nothing has no row.
CREATE TABLE people (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE identities (
    platform  text NOT NULL,
    user_id   text NOT NULL,
    person_id bigint NOT NULL REFERENCES people,
    name      text NOT NULL,
    linked_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (platform, user_id),
    UNIQUE (person_id, platform)
);

-- Somebody asked to be one with an account elsewhere; only the code's hash is kept.
CREATE TABLE identity_codes (
    code_hash       bytea PRIMARY KEY,
    platform        text NOT NULL,
    user_id         text NOT NULL,
    name            text NOT NULL,
    target_platform text NOT NULL,
    target_name     text NOT NULL,
    asked_id        text NOT NULL DEFAULT '',
    attempts        integer NOT NULL DEFAULT 0,
    created_at      timestamptz NOT NULL DEFAULT now(),
    UNIQUE (platform, user_id)
);
CREATE INDEX identity_codes_of_target ON identity_codes (target_platform, target_name);

-- All accounts of the person that one of them is.
CREATE FUNCTION accounts_of(text, text) RETURNS TABLE (platform text, user_id text)
LANGUAGE sql STABLE AS $$
    SELECT $1, $2
    UNION SELECT other.platform, other.user_id FROM identities AS mine
    JOIN identities AS other USING (person_id)
    WHERE mine.platform = $1 AND mine.user_id = $2
$$;
