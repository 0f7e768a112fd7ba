-- What programs for calendars read: how often an event was changed, and when.
ALTER TABLE events
    ADD COLUMN sequence integer NOT NULL DEFAULT 0,
    ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();

-- Who reads the events of a community as a feed; its address is signed with the key.
CREATE TABLE event_feeds (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    community_id bigint NOT NULL,
    community_name text NOT NULL,
    platform text NOT NULL,
    user_id text NOT NULL,
    key bytea NOT NULL,
    UNIQUE (community_id, platform, user_id)
);
