-- Words that a community hangs on people and things. Those of community 0 are everybody's.
CREATE TABLE labels (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    community_id bigint NOT NULL REFERENCES communities,
    name         text NOT NULL,
    color        text NOT NULL,
    UNIQUE (community_id, name)
);
INSERT INTO labels (community_id, name, color) VALUES (0, 'memories', '#6366f1');

-- `kind` is what `thing` is: a user (`platform:id`), module, entity, item, event, memory, or the
-- community itself.
CREATE TABLE entity_labels (
    community_id bigint NOT NULL REFERENCES communities,
    kind         text NOT NULL,
    thing        text NOT NULL,
    label_id     bigint NOT NULL REFERENCES labels ON DELETE CASCADE,
    expires_at   timestamptz,
    PRIMARY KEY (community_id, kind, thing, label_id)
);
CREATE INDEX entity_labels_of_label ON entity_labels (label_id);
CREATE INDEX entity_labels_expired ON entity_labels (expires_at) WHERE expires_at IS NOT NULL;
