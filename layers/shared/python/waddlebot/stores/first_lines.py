"""Who wrote in a community before, as the record notes it for modules that wait for first lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import LiteralString

import msgspec

from waddlebot.domain.events import Channel
from waddlebot.domain.first_lines import LATE_MINUTES, MOST_A_MINUTE
from waddlebot.stores.postgres import Connection

OF_FIRST_LINES: Mapping[str, object] = {
    "most_first_lines": MOST_A_MINUTE,
    "late_minutes": LATE_MINUTES,
    "in_channel": msgspec.json.encode(Channel()).decode(),
}
"""What FIRST_LINES reads beside the rows of the record."""
FIRST_LINES: LiteralString = """
    ), spoken AS (
        -- By each person's first line here, where a module waits for that; in one order.
        SELECT DISTINCT ON (community_id, platform, user_id) * FROM written
        WHERE user_id IS NOT NULL
            AND community_id IN (SELECT community_id FROM first_lines_awaited)
        ORDER BY community_id, platform, user_id, occurred_at
    ), met AS (
        INSERT INTO first_lines (community_id, platform, user_id, said_at)
        SELECT community_id, platform, user_id, occurred_at FROM spoken
        ON CONFLICT DO NOTHING
        RETURNING community_id, platform, user_id
    ), newcomers AS (
        -- Whom the house knows by any of their accounts is not new, nor is who wrote long ago, nor
        -- before it was asked for, as the line did that asked.
        SELECT spoken.*,
            row_number() OVER (PARTITION BY community_id ORDER BY occurred_at, event_id) AS nth
        FROM met JOIN spoken USING (community_id, platform, user_id)
        WHERE occurred_at > now() - %(late_minutes)s * interval '1 minute'
            AND occurred_at > (
                SELECT min(since) FROM first_lines_awaited AS asked
                WHERE asked.community_id = spoken.community_id
            )
            AND event_id NOT IN (
                SELECT event_id FROM jsonb_to_recordset(%(unwelcome)s::jsonb) AS row (event_id text)
            )
            AND NOT has_written(community_id, entity_id, platform, user_id)
    ), awaited AS (
        SELECT community_id, module FROM first_lines_awaited
        WHERE community_id IN (SELECT community_id FROM newcomers)
        ORDER BY community_id, module FOR UPDATE
    ), found AS (
        -- A raid is no reason for as many calls: so many a minute, the others are just known.
        UPDATE first_lines_awaited AS known SET fired = more.people
                + CASE WHEN minute_at > now() - interval '1 minute' THEN fired ELSE 0 END,
            minute_at = CASE WHEN minute_at > now() - interval '1 minute' THEN minute_at
                ELSE now() END
        FROM awaited, (
            SELECT community_id, count(*) AS people FROM newcomers GROUP BY community_id
        ) AS more
        WHERE (known.community_id, known.module) = (awaited.community_id, awaited.module)
            AND more.community_id = known.community_id
        RETURNING known.community_id, known.module, new.fired - more.people AS before
    ), told_of_them AS (
        INSERT INTO due (community_id, entity_id, module, at, person, data, way_back, fires_as)
        SELECT community_id, entity_id, module, now(),
            jsonb_build_object('id', user_id, 'name', user_name), '{}'::jsonb,
            %(in_channel)s::jsonb, 'first_line'
        FROM newcomers JOIN found USING (community_id)
        WHERE before + nth <= %(most_first_lines)s
"""
"""A part of the record's statement, behind `written`: what its lines are new of."""


def await_first_lines(connection: Connection, community: int, module: str, *, wanted: bool) -> None:
    """From now on this module is told (`on("first_line", …)`) of whoever writes there for the first
    time ever, or no more. Whom the house knows by then is not new.
    """
    connection.execute("SELECT await_first_lines(%s, %s, %s)", (community, module, wanted))
