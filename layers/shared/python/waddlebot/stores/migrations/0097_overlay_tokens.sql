-- What all tokens of overlays are made of: one key of the house, sealed as connections are.
CREATE TABLE overlay_key (
    only_one      boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    sealed        bytea NOT NULL,
    key_version   integer NOT NULL REFERENCES seal_keys,
    reseal_failed boolean NOT NULL DEFAULT false
);
CREATE INDEX overlay_key_of_version ON overlay_key (key_version);

-- The address of a source of a community. Its token is made of that key, the community, the source
-- and the generation, so that it is shown again and stands nowhere. The one before it works until
-- `previous_until`. `rotated_by` is the call that made this one: delivered again, it makes no other.
CREATE TABLE overlay_tokens (
    community_id   bigint NOT NULL REFERENCES communities ON DELETE CASCADE,
    source         text NOT NULL CHECK (source IN ('ticker', 'media', 'general')),
    generation     integer NOT NULL DEFAULT 1,
    token_hash     bytea NOT NULL UNIQUE,
    previous_hash  bytea UNIQUE,
    previous_until timestamptz,
    rotated_by     text NOT NULL DEFAULT '',
    PRIMARY KEY (community_id, source),
    CHECK ((previous_hash IS NULL) = (previous_until IS NULL))
);

-- One token opened all sources until here. It still does under /overlay/, until one is rotated.
ALTER TABLE overlay_state ADD COLUMN token_until timestamptz;
