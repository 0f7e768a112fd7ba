-- Pages of overlays that hold a socket open. Who tells us that one was closed may fail to: each has
-- an end, and the token it was opened with is looked at again whenever something is shown.
CREATE TABLE overlay_sockets (
    connection_id text PRIMARY KEY CHECK (length(connection_id) BETWEEN 1 AND 128),
    community_id  bigint NOT NULL REFERENCES communities ON DELETE CASCADE,
    source        text NOT NULL CHECK (source IN ('ticker', 'media', 'general')),
    token_hash    bytea NOT NULL,
    connected_at  timestamptz NOT NULL,
    ends_at       timestamptz NOT NULL
);
CREATE INDEX overlay_sockets_of_source ON overlay_sockets (community_id, source);
CREATE INDEX overlay_sockets_ended ON overlay_sockets (ends_at);

-- The last number of each source, so that a page can tell whether it missed one: `{"ticker": 12}`.
ALTER TABLE overlay_state ADD COLUMN last_of jsonb NOT NULL DEFAULT '{}';
