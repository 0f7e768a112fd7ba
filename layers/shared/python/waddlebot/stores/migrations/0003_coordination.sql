-- Who carries what: a share of the stream, a connection (spec, "Coordination Table").
CREATE TABLE coordination (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    platform      text NOT NULL,
    channel_id    text NOT NULL,
    claimed_by    text,
    claimed_at    timestamptz,
    claim_expires timestamptz,
    UNIQUE (platform, channel_id)
);
