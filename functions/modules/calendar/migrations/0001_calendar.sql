-- The last number given in a community: numbers are never reused.
CREATE TABLE event_numbers (
    community_id bigint NOT NULL PRIMARY KEY,
    last integer NOT NULL
);

CREATE TABLE events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    community_id bigint NOT NULL,
    number integer NOT NULL,
    entity_id text NOT NULL,
    title text NOT NULL,
    description text NOT NULL DEFAULT '',
    location text NOT NULL DEFAULT '',
    event_date timestamptz NOT NULL,
    max_attendees integer CHECK (max_attendees > 0),
    status text NOT NULL CHECK (status IN ('pending', 'approved', 'rejected', 'cancelled')),
    platform text NOT NULL,
    -- The platform's id and name of the person who added it; empty once the person was forgotten.
    created_by text NOT NULL,
    created_by_name text NOT NULL,
    -- Where and how to come back to that person.
    way_back jsonb NOT NULL,
    approved_by_name text NOT NULL DEFAULT '',
    rejection_reason text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (community_id, number)
);
CREATE INDEX events_by_date ON events (community_id, status, event_date);
CREATE INDEX events_by_person ON events (community_id, platform, created_by);

CREATE TABLE event_attendees (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id bigint NOT NULL REFERENCES events ON DELETE CASCADE,
    platform text NOT NULL,
    user_id text NOT NULL,
    user_name text NOT NULL,
    status text NOT NULL CHECK (status IN ('attending', 'waiting', 'maybe', 'not_attending')),
    way_back jsonb NOT NULL,
    -- False from when a seat came free for somebody who waited until that is said.
    told boolean NOT NULL DEFAULT true,
    -- Since when with this answer; who waits longest moves up first.
    joined_at timestamptz NOT NULL,
    UNIQUE (event_id, platform, user_id)
);
CREATE INDEX event_attendees_by_answer ON event_attendees (event_id, status, joined_at);
CREATE INDEX event_attendees_by_person ON event_attendees (platform, user_id);
