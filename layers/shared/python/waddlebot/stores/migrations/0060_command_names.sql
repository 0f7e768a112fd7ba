-- `!commands off` and its like are declared as `!command off`: what a community decided about them
-- holds under both names, as the release before knows the old ones.
INSERT INTO command_rights (community_id, command, role)
SELECT community_id, replace(command, '!commands ', '!command '), role
FROM command_rights WHERE command LIKE '!commands %'
ON CONFLICT DO NOTHING;

INSERT INTO command_limits (community_id, command, entity_id, role, together, calls, seconds)
SELECT
    community_id, replace(command, '!commands ', '!command '), entity_id, role, together, calls,
    seconds
FROM command_limits WHERE command LIKE '!commands %'
ON CONFLICT DO NOTHING;
