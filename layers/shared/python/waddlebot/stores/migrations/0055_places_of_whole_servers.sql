-- What happens to a whole server happens in the community that the server belongs to.
UPDATE entities SET server_id = split_part(entity_id, ':', 3)
WHERE server_id IS NULL AND entity_id LIKE '%:server:%';

WITH moved AS (
    UPDATE entities SET community_id = channel.community_id
    FROM (
        SELECT DISTINCT ON (platform, server_id) platform, server_id, community_id FROM entities
        WHERE entity_id NOT LIKE '%:server:%' AND server_id IS NOT NULL
        ORDER BY platform, server_id, created_at, entity_id
    ) AS channel
    WHERE entities.entity_id LIKE '%:server:%'
        AND (entities.platform, entities.server_id) = (channel.platform, channel.server_id)
        AND entities.community_id <> channel.community_id
    RETURNING entities.community_id
)
UPDATE communities SET version = version || '.s' WHERE id IN (SELECT community_id FROM moved);
