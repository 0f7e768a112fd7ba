ALTER TABLE inventory_items
    ADD COLUMN condition text NOT NULL DEFAULT 'fine'
        CHECK (condition IN ('fine', 'broken', 'repair', 'lost')),
    -- So few left are told of; null is never.
    ADD COLUMN low_at integer CHECK (low_at >= 0);

ALTER TABLE inventory_numbers ADD COLUMN last_request integer NOT NULL DEFAULT 0;

-- Who is in line for an item, by id; for whom it is kept until then, the others wait.
CREATE TABLE inventory_waiting (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    community_id bigint NOT NULL,
    item_id bigint NOT NULL REFERENCES inventory_items ON DELETE CASCADE,
    quantity integer NOT NULL CHECK (quantity > 0),
    platform text NOT NULL,
    holder text NOT NULL,
    holder_name text NOT NULL,
    -- How to come back to this person and place.
    later jsonb NOT NULL,
    waits_since timestamptz NOT NULL,
    kept_until timestamptz,
    -- The row that ends it then; the two are written together.
    due_id bigint,
    UNIQUE (item_id, platform, holder)
);
CREATE INDEX inventory_waiting_by_person ON inventory_waiting (community_id, platform, holder);

-- What a moderator has not answered yet.
CREATE TABLE inventory_requests (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    community_id bigint NOT NULL,
    number integer NOT NULL,
    item_id bigint NOT NULL REFERENCES inventory_items ON DELETE CASCADE,
    quantity integer NOT NULL CHECK (quantity > 0),
    until timestamptz,
    platform text NOT NULL,
    holder text NOT NULL,
    holder_name text NOT NULL,
    later jsonb NOT NULL,
    UNIQUE (community_id, number),
    UNIQUE (item_id, platform, holder)
);
CREATE INDEX inventory_requests_by_person ON inventory_requests (community_id, platform, holder);
