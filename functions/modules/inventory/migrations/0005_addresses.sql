-- Secret addresses where an inventory is fetched as a file, by the hash of what stands in them.
CREATE TABLE inventory_addresses (
    token_hash text PRIMARY KEY,
    community_id bigint NOT NULL,
    good_until timestamptz NOT NULL
);
CREATE INDEX inventory_addresses_over ON inventory_addresses (community_id, good_until);
