-- The community of all: a role in it holds in every community.
INSERT INTO communities (id, name, version) VALUES (0, 'Global Community', 'empty');
-- A role may hold in one place alone; an empty `entity_id` means every place.
ALTER TABLE community_members ADD COLUMN entity_id text NOT NULL DEFAULT '';
ALTER TABLE community_members
    DROP CONSTRAINT community_members_pkey,
    ADD PRIMARY KEY (community_id, platform, user_id, entity_id);
DELETE FROM community_members WHERE role = 'user';
-- Who may use a command, where a community does not take what its module declares.
CREATE TABLE command_rights (
    community_id bigint NOT NULL REFERENCES communities,
    command      text NOT NULL,
    role         text NOT NULL,
    PRIMARY KEY (community_id, command)
);
