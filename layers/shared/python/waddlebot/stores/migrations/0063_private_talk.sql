-- Where one person and the bot talk: no place of a community, whatever row an earlier release made.
CREATE FUNCTION is_private_place(entity_id text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT entity_id ~ '^(discord:channel:[^/]+|twitch:channel:whisper-.+|slack:channel:[^/]+/D.+)$'
$$;

-- Who was sent away from a community, left it, or may not speak there for a while: until they are
-- seen there again they act in it from no private talk.
CREATE TABLE departures (
    community_id  bigint NOT NULL,
    platform      text NOT NULL,
    user_id       text NOT NULL,
    type          text NOT NULL,
    departed_at   timestamptz NOT NULL,
    until         timestamptz,
    PRIMARY KEY (community_id, platform, user_id)
);
CREATE INDEX departures_of_account ON departures (platform, user_id);

-- What happened before this release.
INSERT INTO departures (community_id, platform, user_id, type, departed_at)
SELECT DISTINCT ON (community_id, platform, user_id)
    community_id, platform, user_id, type, occurred_at
FROM happenings
WHERE user_id IS NOT NULL
    AND (type IN ('ban', 'kick') OR (type = 'member_leave' AND entity_id LIKE '%:server:%'))
ORDER BY community_id, platform, user_id, (type = 'member_leave'), occurred_at DESC;
