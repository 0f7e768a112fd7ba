-- What the specification names, under its names: `specification.servers` and its like. Views, as
-- what they show is kept once and elsewhere; only what nobody kept yet is added to its table.
-- The release before this one writes none of the new columns, and reads none.
ALTER TABLE coordination
    ADD COLUMN priority           integer NOT NULL DEFAULT 100,
    ADD COLUMN last_activity      timestamptz,
    ADD COLUMN heartbeat_interval integer,
    ADD COLUMN created_at         timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN updated_at         timestamptz NOT NULL DEFAULT now();
CREATE INDEX coordination_preferred
    ON coordination (platform, priority, is_live DESC, viewer_count DESC);
CREATE INDEX coordination_of_holder ON coordination (claimed_by) WHERE claimed_by IS NOT NULL;

-- Not `id`: the release before joins places with what has a column of that name.
ALTER TABLE entities
    ADD COLUMN entity_number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    ADD COLUMN updated_at    timestamptz NOT NULL DEFAULT now();

CREATE FUNCTION note_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at = now();
    RETURN NEW;
END $$;
CREATE TRIGGER entities_updated BEFORE UPDATE ON entities
FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION note_update();
CREATE TRIGGER coordination_updated BEFORE UPDATE ON coordination
FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION note_update();

CREATE SCHEMA specification;

CREATE VIEW specification.entities AS
    SELECT entity_number AS id, entity_id, platform,
        coalesce(server_id, substring(entity_id FROM '^[^:]+:channel:([^/]+)/')) AS server_id,
        substring(entity_id FROM '^[^:]+:channel:(?:[^/]+/)?(.+)$') AS channel_id,
        (
            SELECT member.platform || ':' || member.user_id FROM public.community_members AS member
            WHERE member.community_id = place.community_id AND role = 'owner'
                AND member.entity_id IN ('', place.entity_id)
            ORDER BY member.platform <> place.platform, member.platform, member.user_id LIMIT 1
        ) AS owner,
        NOT quiet AS is_active,
        jsonb_build_object(
            'community_id', community_id, 'shown_name', shown_name, 'also_called', also_called,
            'greeted_at', greeted_at
        ) AS config
    FROM public.entities AS place;

-- The channels that are listened to; the address is where their platform posts what happens.
CREATE VIEW specification.servers AS
    SELECT shown.id, shown.owner, platform, channel_id AS channel, shown.server_id, is_active,
        '/webhooks/' || platform AS webhook_url,
        communities.settings AS config,
        (
            SELECT max(occurred_at) FROM public.messages
            WHERE messages.community_id = place.community_id
                AND messages.entity_id = place.entity_id
        ) AS last_activity,
        place.created_at, place.updated_at
    FROM specification.entities AS shown
    JOIN public.entities AS place USING (entity_id, platform)
    JOIN public.communities ON communities.id = place.community_id;

-- Built-ins are asked by nobody over HTTP. A role above everybody's needs to be known.
CREATE VIEW specification.commands AS
    SELECT id, command, prefix, description, location_url, location, type,
        CASE WHEN location_url LIKE 'builtin:%' THEN NULL ELSE 'POST' END AS method,
        timeout, role <> 'user' AS auth_required, rate_limit, is_active,
        CASE WHEN location_url LIKE 'builtin:%' THEN 'core' ELSE 'action' END AS module_type,
        trigger_type, event_types, priority, execution_mode
    FROM public.commands;

-- Calls that ran. What was typed in private, or as a secret, is shown to nobody; texts end at 8 kB.
CREATE VIEW specification.command_executions AS
    SELECT ran.execution_id AS id, ran.execution_id, known.id AS command_id, ran.entity_id,
        ran.user_id,
        left(CASE WHEN hidden THEN '' ELSE ran.command || ' ' || ran.arguments END, 8192)
            AS message_content,
        CASE WHEN hidden THEN '[]'
            ELSE to_jsonb(regexp_split_to_array(left(ran.arguments, 8192), '\s+'))
        END AS parameters,
        known.location_url,
        jsonb_build_object(
            'execution_id', ran.execution_id, 'session_id', ran.session_id,
            'community_id', ran.community_id, 'entity_id', ran.entity_id,
            'module', ran.module, 'command', ran.command,
            'raw_message', CASE WHEN hidden THEN '' ELSE left(ran.arguments, 8192) END,
            'user', jsonb_build_object('id', ran.user_id, 'name', ran.user_name, 'role', ran.role)
        ) AS request_payload,
        CASE ran.status WHEN 'success' THEN 200 WHEN 'pending' THEN 202 ELSE 502 END
            AS response_status,
        ran.response_data, ran.execution_time_ms, ran.error_message,
        greatest(ran.attempts - 1, 0) AS retry_count, ran.status
    FROM public.command_executions AS ran
    LEFT JOIN public.commands AS known
        ON known.prefix || known.command = ran.command AND known.module = ran.module
    CROSS JOIN LATERAL (
        SELECT coalesce(known.private OR known.secret, false)
            OR public.is_private_place(ran.entity_id) AS hidden
    ) AS seen
    WHERE ran.status IS NOT NULL;

-- A shard of Discord is claimed with all its servers: a row each.
CREATE VIEW specification.coordination AS
    SELECT claim.id, claim.platform, server AS server_id, claim.channel_id,
        (
            SELECT place.entity_id FROM public.entities AS place
            WHERE place.platform = claim.platform
                AND (place.server_id = server
                    OR place.entity_id = claim.platform || ':channel:' || claim.channel_id)
            ORDER BY place.entity_id LIMIT 1
        ) AS entity_id,
        claimed_by, claimed_at,
        CASE WHEN trouble <> '' THEN 'error'
            WHEN claimed_by IS NOT NULL AND claim_expires > now() THEN 'claimed'
            WHEN platform = 'twitch' AND NOT is_live THEN 'offline'
            ELSE 'available' END AS status,
        is_live, viewer_count, last_activity, claim_expires, heartbeat_interval, priority,
        created_at, updated_at
    FROM public.coordination AS claim LEFT JOIN LATERAL unnest(servers) AS server ON true;
