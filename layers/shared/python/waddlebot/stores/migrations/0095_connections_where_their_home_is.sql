-- A connection belongs to the community that its workspace or channel belongs to now. Until here it
-- stayed with the one that this was when it was connected, whose owners could end it ever after.
UPDATE connections SET owner_id = now_at.community_id::text
FROM (
    SELECT DISTINCT ON (platform, account) platform, account, community_id FROM (
        SELECT platform, coalesce(server_id, substring(entity_id FROM '^[^:]+:channel:([^/]+)$')),
            community_id, created_at, entity_id
        FROM entities
    ) AS place (platform, account, community_id, created_at, entity_id)
    WHERE account IS NOT NULL ORDER BY platform, account, created_at, entity_id
) AS now_at
WHERE owner_kind = 'community' AND service = platform AND connections.account = now_at.account
    AND owner_id <> now_at.community_id::text;
