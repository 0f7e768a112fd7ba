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
-- A workspace or channel that was connected is a server before anything was said in it: of the
-- same numbers as places, so that no two servers have one.
ALTER TABLE connections
    ADD COLUMN server_number bigint NOT NULL UNIQUE
        DEFAULT nextval('entities_entity_number_seq');
CREATE INDEX connections_of_community ON connections (community_id)
    WHERE community_id IS NOT NULL;
CREATE INDEX api_keys_of_community ON api_keys (community_id) WHERE community_id IS NOT NULL;
CREATE INDEX community_invites_of_community ON community_invites (community_id);

-- Where a call went, and how HTTP says how it ended; NULL where a release before this one wrote it.
ALTER TABLE command_executions
    ADD COLUMN location_url    text,
    ADD COLUMN response_status smallint;

CREATE FUNCTION note_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at = now();
    RETURN NEW;
END $$;
CREATE TRIGGER entities_updated BEFORE UPDATE ON entities
FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION note_update();
CREATE TRIGGER coordination_updated BEFORE UPDATE ON coordination
FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION note_update();

-- When somebody last wrote there, of what is kept of it.
CREATE FUNCTION last_line_in(place text, community bigint) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
    SELECT occurred_at FROM public.messages
    WHERE messages.community_id = community AND messages.entity_id = place
    ORDER BY occurred_at DESC LIMIT 1
$$;
-- The same of a channel as a gateway claims it, by its number or its login.
CREATE FUNCTION last_line_in(platform text, channel text) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
    SELECT last_line_in(entity_id, community_id) FROM public.entity_names
    WHERE name = platform || ':channel:' || channel
$$;

-- The beginning of a text that takes so many bytes at most, without a sign that is cut in two.
CREATE FUNCTION first_bytes(whole text, most integer) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN octet_length(whole) <= most THEN whole ELSE convert_from(
        substring(convert_to(whole, 'UTF8') FOR (
            SELECT max(at) FROM generate_series(greatest(most - 3, 0), most) AS at
            WHERE get_byte(convert_to(whole, 'UTF8'), at) & 192 <> 128
        )), 'UTF8') END
$$;

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

-- The channels that are listened to, and what was connected where nothing was said yet. Of a
-- channel its own connection counts, or that of its workspace, which may lie in an organisation;
-- what has none is heard with the tokens of the house. The address is where its platform posts.
CREATE VIEW specification.servers AS
    WITH connected AS (
        SELECT connections.*, coalesce(slack_workspaces.team, account) AS server
        FROM public.connections
        LEFT JOIN public.slack_workspaces USING (account)
        WHERE owner_kind <> 'house' AND kind IN ('bot', 'channel')
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

-- Built-ins are asked by nobody over HTTP. A role above everybody's needs to be known.
CREATE VIEW specification.commands AS
    SELECT id, command, prefix, description, location_url, location, type,
        CASE WHEN location_url LIKE 'builtin:%' THEN NULL ELSE 'POST' END AS method,
        timeout, role <> 'user' AS auth_required, rate_limit, is_active,
        CASE WHEN location_url LIKE 'builtin:%' THEN 'core' ELSE 'action' END AS module_type,
        trigger_type, event_types, priority, execution_mode
    FROM public.commands;

-- Calls that ran. Of what was typed in private or as a secret nothing is kept, or shown where a
-- release before this one kept it. What is shown of a call takes 8 kB at most, each column.
CREATE VIEW specification.command_executions AS
    SELECT ran.execution_id AS id, ran.execution_id, known.id AS command_id, ran.entity_id,
        ran.user_id,
        public.first_bytes(rtrim(ran.command || ' ' || typed), 8192) AS message_content,
        CASE typed WHEN '' THEN '[]'
            ELSE to_jsonb(regexp_split_to_array(short, '\s+')) END AS parameters,
        coalesce(ran.location_url, known.location_url) AS location_url,
        jsonb_build_object(
            'execution_id', ran.execution_id, 'session_id', ran.session_id,
            'community_id', ran.community_id, 'entity_id', ran.entity_id,
            'module', ran.module, 'command', ran.command, 'raw_message', short,
            'user', jsonb_build_object('id', ran.user_id, 'name', ran.user_name, 'role', ran.role)
        ) AS request_payload,
        coalesce(ran.response_status,
            CASE ran.status WHEN 'success' THEN 200 WHEN 'pending' THEN 202 ELSE 502 END
        ) AS response_status,
        CASE WHEN octet_length(ran.response_data::text) <= 8192 THEN ran.response_data
            ELSE jsonb_build_array(jsonb_build_object('bytes',
                octet_length(ran.response_data::text))) END AS response_data,
        ran.execution_time_ms, public.first_bytes(ran.error_message, 8192) AS error_message,
        greatest(ran.attempts - 1, 0) AS retry_count, ran.status
    FROM public.command_executions AS ran
    LEFT JOIN public.commands AS known
        ON known.prefix || known.command = ran.command AND known.module = ran.module
    CROSS JOIN LATERAL (
        SELECT CASE WHEN known.private OR known.secret OR public.is_private_place(ran.entity_id)
            THEN '' ELSE ran.arguments END AS typed
    ) AS seen
    CROSS JOIN LATERAL (
        -- As JSON each sign may take six bytes.
        SELECT CASE WHEN octet_length(to_jsonb(regexp_split_to_array(typed, '\s+'))::text) <= 7168
            THEN typed ELSE public.first_bytes(typed, 1024) || '…' END AS short
    ) AS cut
    WHERE ran.status IS NOT NULL;

-- A shard of Discord is claimed with all its servers: a row each.
CREATE VIEW specification.coordination AS
    SELECT claim.id, claim.platform, server AS server_id, claim.channel_id,
        CASE WHEN server IS NULL THEN (
            SELECT entity_id FROM public.entity_names
            WHERE name = claim.platform || ':channel:' || claim.channel_id
        ) ELSE (
            SELECT place.entity_id FROM public.entities AS place
            WHERE place.platform = claim.platform AND place.server_id = server
            ORDER BY place.entity_id LIMIT 1
        ) END AS entity_id,
        claimed_by, claimed_at,
        CASE WHEN trouble <> '' THEN 'error'
            WHEN claimed_by IS NOT NULL AND claim_expires > now() THEN 'claimed'
            WHEN platform = 'twitch' AND NOT is_live THEN 'offline'
            ELSE 'available' END AS status,
        is_live, viewer_count, last_activity, claim_expires, heartbeat_interval, priority,
        created_at, updated_at
    FROM public.coordination AS claim LEFT JOIN LATERAL unnest(servers) AS server ON true;
