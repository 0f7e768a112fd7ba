"""The rows of the record: lines, whatever else happened, verdicts and overlay pushes of a batch, in
one statement. Where a module waits for people to talk it counts lines too, and where one waits for
somebody's first line it tells it of that."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import psycopg

from waddlebot.domain.deeds import SHARED_HOURS
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.reputation import MESSAGE_SECONDS, WRITTEN, name_of
from waddlebot.domain.socket_pushes import SocketPush
from waddlebot.domain.standing_tiers import BEGIN, LEAST, MOST
from waddlebot.stores.first_lines import FIRST_LINES, OF_FIRST_LINES
from waddlebot.stores.overlay_sockets import GOOD
from waddlebot.stores.postgres import Connection, Postgres

TABLES = (
    *("messages", "happenings", "departures", "verdicts", "pushes", "points", "places"),
    *("unkept", "watched", "unwelcome"),
)
Rows = Mapping[str, str]
"""JSON lists by table."""

_NO_ROWS = dict.fromkeys(TABLES, "[]")
"""What an older release kept for later knows fewer tables."""
_COUNTING = {
    "written": [name_of(type_) for type_ in sorted(WRITTEN)],
    "message_seconds": MESSAGE_SECONDS,
    "shared_hours": SHARED_HOURS,
    "least": LEAST,
    "begin": BEGIN,
    "most": MOST,
    **OF_FIRST_LINES,
}

BAD_DATA = psycopg.DataError
"""What PostgreSQL refuses: a NUL, a lone surrogate."""

_STATEMENT = """
    WITH lines AS (
        INSERT INTO messages (event_id, occurred_on, occurred_at, community_id, entity_id, platform,
            user_id, user_name, text, commands_version, community_version)
        SELECT * FROM jsonb_to_recordset(%(messages)s::jsonb) AS row (
            event_id text, occurred_on date, occurred_at timestamptz, community_id bigint,
            entity_id text, platform text, user_id text, user_name text, text text,
            commands_version text, community_version text)
        ON CONFLICT (event_id, occurred_on) DO NOTHING
        RETURNING event_id, entity_id, occurred_at, community_id, platform, user_id, user_name
    ), written AS (
        -- What is new of people's lines, and what a community does not keep; an edit is no line.
        SELECT *, true AS is_new FROM lines
        WHERE user_id IS NOT NULL AND event_id NOT IN (
            SELECT event_id FROM jsonb_to_recordset(%(watched)s::jsonb) AS row (event_id text)
        )
        UNION ALL
        SELECT *, false FROM jsonb_to_recordset(%(unkept)s::jsonb) AS row (
            event_id text, entity_id text, occurred_at timestamptz, community_id bigint,
            platform text, user_id text, user_name text)
"""
_STATEMENT += FIRST_LINES
_STATEMENT += """
    ), waited AS (
        -- In one order, so that two writers cannot lock crosswise.
        SELECT entity_id, last_at FROM lines_heard
        WHERE entity_id IN (SELECT entity_id FROM written) ORDER BY entity_id FOR UPDATE
    ), heard AS (
        -- No row says of what is not kept that it was counted; the time of the newest does.
        SELECT entity_id, count(*) AS lines, max(occurred_at) AS last_at
        FROM written JOIN waited USING (entity_id)
        WHERE is_new OR last_at IS NULL OR occurred_at > last_at GROUP BY entity_id
    ), told AS (
        UPDATE lines_heard AS known SET lines = known.lines + heard.lines,
            last_at = greatest(known.last_at, heard.last_at)
        FROM heard WHERE known.entity_id = heard.entity_id
        RETURNING known.entity_id, known.lines
    ), woken AS (
        -- Who waited longest stays first: its time is what it was.
        UPDATE due SET after_lines = NULL
        FROM told WHERE due.entity_id = told.entity_id AND fired_at IS NULL
            AND after_lines <= told.lines
    ), happened AS (
        INSERT INTO happenings (event_id, occurred_on, occurred_at, community_id, entity_id,
            platform, type, user_id, user_name)
        SELECT * FROM jsonb_to_recordset(%(happenings)s::jsonb) AS row (
            event_id text, occurred_on date, occurred_at timestamptz, community_id bigint,
            entity_id text, platform text, type text, user_id text, user_name text)
        ON CONFLICT (event_id, occurred_on) DO NOTHING
    ), departed AS (
        -- Of two the longer one counts, as it cannot be told which of them still holds.
        INSERT INTO departures AS known
            (community_id, platform, user_id, type, departed_at, until)
        SELECT DISTINCT ON (community_id, platform, user_id) * FROM (
            SELECT community_id, platform, CASE WHEN user_id LIKE '@%%'
                THEN seen_as(community_id, platform, substr(user_id, 2)) ELSE user_id
            END AS user_id, type, departed_at, until
            FROM jsonb_to_recordset(%(departures)s::jsonb) AS row (community_id bigint,
                platform text, user_id text, type text, departed_at timestamptz, until timestamptz)
        ) AS row WHERE user_id IS NOT NULL
        ORDER BY community_id, platform, user_id, until DESC NULLS FIRST
        ON CONFLICT (community_id, platform, user_id) DO UPDATE SET
            type = CASE known.type WHEN 'member_leave' THEN EXCLUDED.type ELSE known.type END,
            departed_at = greatest(known.departed_at, EXCLUDED.departed_at),
            until = CASE WHEN known.until IS NOT NULL AND EXCLUDED.until IS NOT NULL
                THEN greatest(known.until, EXCLUDED.until) END
    ), verdicts AS (
        INSERT INTO command_executions (execution_id, occurred_on, occurred_at, event_id,
            session_id, community_id, entity_id, platform, user_id, user_name, module, command,
            arguments, needed_role, role, reason, decided_by, wait_seconds, said, status,
            response_data, error_message, execution_time_ms, attempts, hushed,
            refused, location_url, response_status)
        SELECT * FROM jsonb_to_recordset(%(verdicts)s::jsonb) AS row (
            execution_id text, occurred_on date, occurred_at timestamptz, event_id text,
            session_id text, community_id bigint, entity_id text, platform text, user_id text,
            user_name text, module text, command text, arguments text, needed_role text,
            role text, reason text, decided_by text, wait_seconds double precision, said boolean,
            status text, response_data jsonb, error_message text,
            execution_time_ms double precision, attempts integer, hushed boolean,
            refused jsonb, location_url text, response_status smallint)
        ON CONFLICT (execution_id, occurred_on) DO UPDATE SET status = EXCLUDED.status,
            response_data = EXCLUDED.response_data, error_message = EXCLUDED.error_message,
            execution_time_ms = EXCLUDED.execution_time_ms, attempts = EXCLUDED.attempts,
            hushed = EXCLUDED.hushed, refused = EXCLUDED.refused,
            response_status = EXCLUDED.response_status
        WHERE command_executions.status = 'pending' AND EXCLUDED.status IN ('success', 'failed')
    ), named AS (
        UPDATE entities SET shown_name = row.name
        FROM jsonb_to_recordset(%(places)s::jsonb) AS row (entity_id text, name text)
        WHERE entities.entity_id = row.entity_id AND shown_name <> row.name
    ), earned AS (
        SELECT * FROM jsonb_to_recordset(%(points)s::jsonb) AS row (
            event_id text, occurred_on date, occurred_at timestamptz, community_id bigint,
            platform text, user_id text, name text, event_name text, points integer, deeds jsonb,
            shares text, shared_as text, weight integer)
    ), done AS (
        -- Those that nobody had done before, or not for long enough.
        INSERT INTO reputation_deeds AS known
            (community_id, platform, user_id, deed, since, until)
        SELECT DISTINCT ON (community_id, platform, user_id, deed)
            community_id, platform, user_id, deed, occurred_at, mark.until
        FROM earned, jsonb_to_recordset(deeds) AS mark (deed text, until timestamptz)
        ORDER BY community_id, platform, user_id, deed
        ON CONFLICT (community_id, platform, user_id, deed) DO UPDATE
            SET since = EXCLUDED.since, until = EXCLUDED.until WHERE known.until <= EXCLUDED.since
        RETURNING community_id, platform, user_id, deed
    ), counting AS (
        INSERT INTO reputation_events (event_id, occurred_on, occurred_at, community_id, platform,
            user_id, event_name, points)
        SELECT event_id, occurred_on, occurred_at, community_id, platform, user_id, event_name,
            -- Who shared it first was given their points for it then.
            earned.points - CASE WHEN shared_as <> '' THEN (
                SELECT coalesce(max(shared.points), 0) FROM reputation_events AS shared
                WHERE (shared.community_id, shared.platform, shared.user_id, shared.event_name)
                        = (earned.community_id, earned.platform, earned.user_id, shared_as)
                    AND shared.occurred_on BETWEEN earned.occurred_on - 1 AND earned.occurred_on + 1
                    AND abs(extract(epoch FROM shared.occurred_at - earned.occurred_at))
                        < %(shared_hours)s * 3600
            ) ELSE 0 END
        FROM earned LEFT JOIN reputation AS before USING (community_id, platform, user_id)
        WHERE (event_name <> ALL(%(written)s) OR last_message_at IS NULL
            OR occurred_at - last_message_at >= %(message_seconds)s * interval '1 second')
            AND NOT EXISTS (
                SELECT FROM jsonb_to_recordset(deeds) AS mark (deed text)
                WHERE (community_id, platform, user_id, mark.deed) NOT IN (SELECT * FROM done)
            ) AND NOT EXISTS (
                SELECT FROM reputation_deeds AS known
                WHERE (known.community_id, known.platform, known.user_id, known.deed)
                        = (earned.community_id, earned.platform, earned.user_id, shares)
                    AND known.until > earned.occurred_at
            )
        ON CONFLICT (event_id, occurred_on) DO NOTHING
        RETURNING event_id, community_id, platform, user_id, occurred_at, event_name, points
    ), scored AS (
        INSERT INTO reputation AS known
            (community_id, platform, user_id, name, points, events, last_message_at, standing)
        SELECT community_id, platform, user_id, max(name), sum(counting.points), count(*),
            max(counting.occurred_at) FILTER (WHERE counting.event_name = ANY(%(written)s)),
            -- Rows that the release before kept for later have no weight.
            greatest(%(least)s, least(%(most)s, %(begin)s + coalesce(sum(weight), 0)))
        FROM counting JOIN earned USING (event_id, community_id, platform, user_id)
        GROUP BY community_id, platform, user_id ORDER BY community_id, platform, user_id
        ON CONFLICT (community_id, platform, user_id) DO UPDATE SET name = EXCLUDED.name,
            points = known.points + EXCLUDED.points, events = known.events + EXCLUDED.events,
            last_message_at = greatest(known.last_message_at, EXCLUDED.last_message_at),
            standing = greatest(%(least)s,
                least(%(most)s, known.standing + EXCLUDED.standing - %(begin)s))
    ), pushed AS (
        SELECT nth, community_id, source, execution_id, position, made_at, expires_at, counts_for,
            counts, row_number() OVER (PARTITION BY community_id ORDER BY nth) AS step,
            count(*) OVER (PARTITION BY community_id) AS steps,
            -- Who is known by a login alone is whoever was shown last under it.
            CASE WHEN row.content @> '{"response_action": "control", "control": "forget"}'
                    AND row.content ? 'called'
                THEN (row.content - 'called') || coalesce((
                    SELECT jsonb_build_object('of',
                        left(encode(sha256(convert_to(known.content ->> 'listed', 'UTF8')),
                            'hex'), 16))
                    FROM overlay_pushes AS known
                    WHERE known.community_id = row.community_id AND known.content ? 'listed'
                        AND split_part(known.content ->> 'listed', ':', 1) || ':'
                            || lower(known.content ->> 'name') = row.content ->> 'called'
                    ORDER BY number DESC LIMIT 1
                ), '{}')
                ELSE row.content END AS content
        FROM jsonb_to_recordset(%(pushes)s::jsonb) AS row (nth integer, community_id bigint,
            source text, execution_id text, position integer, content jsonb,
            made_at timestamptz, expires_at timestamptz, counts_for text, counts bigint)
    ), forgotten AS (
        -- Of whom nothing is to be shown any more; each stays as one that was shown.
        UPDATE overlay_pushes AS known SET content =
            '{"success": true, "response_action": "control", "control": "count"}'
        FROM pushed WHERE known.community_id = pushed.community_id
            AND pushed.content @> '{"response_action": "control", "control": "forget"}'
            AND known.content ? 'listed' AND pushed.content ->> 'of'
                = left(encode(sha256(convert_to(known.content ->> 'listed', 'UTF8')), 'hex'), 16)
    ), counted AS (
        -- The row stays locked until the commit: numbers are given out in the order of commits.
        INSERT INTO overlay_state (community_id, last_number, last_of)
        SELECT community_id, max(steps), jsonb_object_agg(source, step ORDER BY step)
        FROM pushed GROUP BY community_id ORDER BY community_id
        ON CONFLICT (community_id) DO UPDATE
            SET last_number = overlay_state.last_number + EXCLUDED.last_number,
                last_of = overlay_state.last_of || (
                    SELECT jsonb_object_agg(key, overlay_state.last_number + value::bigint)
                    FROM jsonb_each(EXCLUDED.last_of)
                )
        RETURNING community_id, new.last_number, old.last_of
    ), shown AS (
        INSERT INTO overlay_pushes
            (community_id, number, source, execution_id, position, content, made_at, expires_at)
        SELECT community_id, last_number - steps + step, source, execution_id, position, content,
            coalesce(made_at, now()), expires_at
        FROM pushed JOIN counted USING (community_id)
        ON CONFLICT (execution_id, position) DO NOTHING
        RETURNING community_id, number, source, content, made_at, expires_at, execution_id, position
    ), towards AS (
        -- Of what is new here alone: what is told again counts once.
        UPDATE goals SET counted = counted + more.counts FROM (
            SELECT shown.community_id, counts_for, sum(counts) AS counts
            FROM shown JOIN pushed USING (execution_id, position)
            WHERE counts_for <> '' GROUP BY shown.community_id, counts_for
        ) AS more
        WHERE goals.community_id = more.community_id AND what = counts_for
        RETURNING goals.community_id, what, counted
    ), standing AS (
        SELECT community_id, jsonb_agg(jsonb_build_object('what', what, 'target', target, 'title',
            title, 'count', coalesce(towards.counted, goals.counted)) ORDER BY what) AS goals
        FROM goals LEFT JOIN towards USING (community_id, what)
        WHERE community_id IN (SELECT community_id FROM shown) GROUP BY community_id
    )
    -- Read where it is written: who looks costs no trip more.
    SELECT number, source, content, made_at, expires_at, sockets,
        coalesce(lag(number) OVER (PARTITION BY community_id, source ORDER BY number),
            (last_of ->> source)::bigint, 0) AS before,
        CASE source WHEN 'general' THEN coalesce(goals, '[]') END AS goals
    FROM shown JOIN counted USING (community_id) LEFT JOIN standing USING (community_id), LATERAL (
        SELECT array_agg(connection_id) AS sockets FROM overlay_sockets
        WHERE overlay_sockets.community_id = shown.community_id
            AND overlay_sockets.source = shown.source AND ends_at > now() AND
"""
_STATEMENT += GOOD
_STATEMENT += """
    ) AS looking WHERE sockets IS NOT NULL ORDER BY community_id, number
"""


def encode_rows(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> Rows:
    """From rows of TABLES. `tables` are rows by the name of their table, `{column: value}` each."""
    return {name: _json(rows) for name, rows in tables.items()}


def write_rows(postgres: Postgres, rows: Rows) -> list[SocketPush]:
    """Writing them again changes nothing. What is new on overlays, with who looks at it now.

    Raises:
        Unavailable: the writer is away, or has no room for their day yet.
        BAD_DATA: one of them is refused, so none was written.
    """
    try:
        shown = postgres.write(_STATEMENT, {**_NO_ROWS, **rows, **_COUNTING})
    except psycopg.errors.CheckViolation as error:
        # The day has no partition: nothing is wrong with the rows, the sweep has not run.
        raise Unavailable("the record of today") from error
    return [SocketPush(sockets=tuple(row.pop("sockets")), shown=row) for row in shown]


def push_rows(connection: Connection, pushes: Sequence[Mapping[str, Any]]) -> list[SocketPush]:
    """As `write_rows`, of overlays alone and in a change under way; `pushes` are rows as there."""
    rows = encode_rows({"pushes": pushes})
    shown = connection.execute(_STATEMENT, {**_NO_ROWS, **rows, **_COUNTING}).fetchall()
    return [SocketPush(sockets=tuple(row.pop("sockets")), shown=row) for row in shown]


def _json(rows: Sequence[Mapping[str, Any]]) -> str:
    try:
        return msgspec.json.encode(rows).decode()
    except UnicodeEncodeError:  # a lone surrogate: PostgreSQL is to say what it thinks of it
        return json.dumps(rows, default=str)
