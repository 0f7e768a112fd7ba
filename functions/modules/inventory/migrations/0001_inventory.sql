-- The last number given in a community: numbers are never reused.
CREATE TABLE inventory_numbers (
    community_id bigint PRIMARY KEY,
    last integer NOT NULL
);

CREATE TABLE inventory_items (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    community_id bigint NOT NULL,
    number integer NOT NULL,
    item_name text NOT NULL,
    description text NOT NULL DEFAULT '',
    quantity integer NOT NULL CHECK (quantity > 0),
    -- How many of them are lent: the sum of its loans, changed with them in one statement.
    taken integer NOT NULL DEFAULT 0 CHECK (taken >= 0 AND taken <= quantity),
    platform text NOT NULL,
    -- The platform's id and name of the person who added it; empty once the person was forgotten.
    created_by text NOT NULL,
    created_by_name text NOT NULL,
    checked_in_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (community_id, number)
);
CREATE UNIQUE INDEX inventory_items_name ON inventory_items (community_id, lower(item_name));
CREATE INDEX inventory_items_by_person ON inventory_items (community_id, platform, created_by);

CREATE TABLE inventory_labels (
    item_id bigint NOT NULL REFERENCES inventory_items ON DELETE CASCADE,
    label text NOT NULL,
    PRIMARY KEY (item_id, label)
);

-- What is out now; what came back stands in the activity alone.
CREATE TABLE inventory_loans (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    community_id bigint NOT NULL,
    item_id bigint NOT NULL REFERENCES inventory_items ON DELETE CASCADE,
    quantity integer NOT NULL CHECK (quantity > 0),
    platform text NOT NULL,
    -- The platform's id, '@login' of whom nothing but that is known, '?id of the loan' once the
    -- person was forgotten.
    holder text NOT NULL,
    holder_name text NOT NULL,
    taken_at timestamptz NOT NULL,
    due_at timestamptz,
    UNIQUE (item_id, platform, holder)
);
CREATE INDEX inventory_loans_by_person ON inventory_loans (community_id, platform, holder);

-- Nothing here refers to the item: what happened to it outlives it.
CREATE TABLE inventory_activity (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    community_id bigint NOT NULL,
    item_id bigint NOT NULL,
    item_name text NOT NULL,
    action text NOT NULL,
    platform text NOT NULL,
    performed_by text NOT NULL,
    performed_by_name text NOT NULL,
    -- With whom the item is then; empty where it is about nobody.
    holder_platform text NOT NULL DEFAULT '',
    holder text NOT NULL DEFAULT '',
    holder_name text NOT NULL DEFAULT '',
    details jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL
);
CREATE INDEX inventory_activity_by_item ON inventory_activity (community_id, item_id, id);
CREATE INDEX inventory_activity_by_name ON inventory_activity (community_id, lower(item_name), id);
CREATE INDEX inventory_activity_by_person ON inventory_activity (community_id, platform, performed_by);
CREATE INDEX inventory_activity_by_holder ON inventory_activity (community_id, holder_platform, holder);
