-- The data keys that seal tokens, each sealed under the house's master key, which is not here.
CREATE TABLE seal_keys (
    version integer PRIMARY KEY,
    wrapped bytea NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now()
);

-- Leave that people gave to speak as somebody at a service. `sealed` is NULL where it is lost or was
-- ended. A renewal is begun before the service is asked: whose it is and until when; how often it
-- was begun and nobody heard of it again, and how often the service failed since it last went well.
-- `reseal_failed`: it did not open when all was sealed anew, and is not tried again that time.
CREATE TABLE connections (
    service      text NOT NULL,
    account      text NOT NULL,
    kind         text NOT NULL DEFAULT 'bot',
    owner_kind   text NOT NULL CHECK (owner_kind IN ('house', 'community', 'person')),
    owner_id     text NOT NULL DEFAULT '',
    community_id bigint GENERATED ALWAYS AS (
        CASE WHEN owner_kind = 'community' THEN owner_id::bigint END
    ) STORED REFERENCES communities ON DELETE CASCADE,
    name         text NOT NULL DEFAULT '',
    scopes       text[] NOT NULL DEFAULT '{}',
    expires_at   timestamptz,
    generation   bigint NOT NULL DEFAULT 1,
    state        text NOT NULL DEFAULT 'connected'
        CHECK (state IN ('connected', 'lost', 'disconnected')),
    why          text NOT NULL DEFAULT '',
    sealed       bytea,
    key_version  integer REFERENCES seal_keys,
    renewing_by    text,
    renewing_until timestamptz,
    renewing_tries integer NOT NULL DEFAULT 0,
    renewing_fails integer NOT NULL DEFAULT 0,
    connected_at timestamptz NOT NULL DEFAULT now(),
    renewed_at   timestamptz NOT NULL DEFAULT now(),
    reseal_failed boolean NOT NULL DEFAULT false,
    PRIMARY KEY (service, account, kind),
    CHECK ((sealed IS NULL) = (key_version IS NULL)),
    CHECK (state = 'connected' OR sealed IS NULL)
);
CREATE INDEX connections_of_owner ON connections (owner_kind, owner_id);
CREATE INDEX connections_of_key ON connections (key_version);
