-- How often commands may be used, where a community does not take what their modules declare.
-- An empty `command` counts all of them together, an empty `entity_id` means every place;
-- `calls` 0 is no limit.
CREATE TABLE command_limits (
    community_id bigint NOT NULL REFERENCES communities,
    command      text NOT NULL,
    entity_id    text NOT NULL,
    role         text NOT NULL,
    together     boolean NOT NULL,
    calls        integer NOT NULL,
    seconds      integer NOT NULL,
    PRIMARY KEY (community_id, command, entity_id, role, together)
);
