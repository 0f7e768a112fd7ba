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

-- An organisation of Slack lets the app into its workspaces, and is the house's own: they are heard
-- with its tokens as long as it is connected. Until here they stood there as the operator's.
CREATE OR REPLACE VIEW specification.servers AS
    WITH connected AS (
        SELECT connections.*, coalesce(slack_workspaces.team, account) AS server
        FROM public.connections
        LEFT JOIN public.slack_workspaces USING (account)
        WHERE kind IN ('bot', 'channel') AND (owner_kind <> 'house' OR account ^@ 'enterprise:')
    )
    SELECT shown.id, shown.owner, shown.platform, shown.channel_id AS channel, shown.server_id,
        shown.is_active AND coalesce(state = 'connected', true) AS is_active,
        '/webhooks/' || shown.platform AS webhook_url,
        communities.settings || jsonb_build_object('connection', coalesce(state, 'house'),
            'connected_at', connected_at, 'why', nullif(why, '')) AS config,
        public.last_line_in(place.entity_id, place.community_id) AS last_activity,
        place.created_at, greatest(place.updated_at, renewed_at) AS updated_at
    FROM specification.entities AS shown
    JOIN public.entities AS place USING (entity_id, platform)
    JOIN public.communities ON communities.id = place.community_id
    LEFT JOIN LATERAL (
        SELECT * FROM connected
        WHERE service = shown.platform AND server IN (shown.server_id, shown.channel_id)
        ORDER BY state <> 'connected', server <> shown.channel_id LIMIT 1
    ) AS its ON true
    WHERE shown.channel_id IS NOT NULL AND NOT public.is_private_place(place.entity_id)
    UNION ALL
    SELECT server_number, owner_kind || ':' || owner_id, service, NULL, server,
        state = 'connected', '/webhooks/' || service,
        jsonb_build_object('connection', state, 'connected_at', connected_at,
            'why', nullif(why, ''), 'shown_name', name),
        NULL, connected_at, renewed_at
    FROM connected
    WHERE service IN ('discord', 'slack', 'twitch') AND NOT EXISTS (
        SELECT FROM specification.entities AS shown
        WHERE shown.platform = service AND server IN (shown.server_id, shown.channel_id)
            AND shown.channel_id IS NOT NULL AND NOT public.is_private_place(shown.entity_id)
    );
