-- A home that joined another community, or left it, took its places along and not what it is
-- connected with: whose community that is stands with the place that was there first.
UPDATE connections SET owner_id = belongs.community_id::text
FROM (
    SELECT DISTINCT ON (home) home, community_id FROM (
        SELECT community_id, created_at, entity_id, CASE WHEN server_id IS NULL THEN entity_id
            ELSE platform || ':server:' || server_id END AS home
        FROM entities
    ) AS place ORDER BY home, created_at, entity_id
) AS belongs
WHERE owner_kind = 'community' AND connections.community_id IS DISTINCT FROM belongs.community_id
    AND belongs.home IN (service || ':server:' || account, service || ':channel:' || account);
