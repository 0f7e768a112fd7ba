-- What goes with an item; what does so has nothing that goes with it.
CREATE TABLE inventory_accessories (
    item_id bigint NOT NULL REFERENCES inventory_items ON DELETE CASCADE,
    accessory_id bigint NOT NULL REFERENCES inventory_items ON DELETE CASCADE,
    PRIMARY KEY (item_id, accessory_id),
    CHECK (item_id <> accessory_id)
);
CREATE INDEX inventory_accessories_of ON inventory_accessories (accessory_id);
