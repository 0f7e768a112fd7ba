"""Reading what was recorded: of one event, of one person, in numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.stores.postgres import Postgres

_OF_EVENT = """
    SELECT (
        SELECT jsonb_build_object(
            'event_id', event_id, 'occurred_at', occurred_at, 'community_id', community_id,
            'entity_id', entity_id, 'platform', platform, 'user_id', user_id,
            'user_name', user_name, 'text', text)
        FROM messages WHERE event_id = %(event)s LIMIT 1
    ) AS message, (
        SELECT jsonb_build_object(
            'event_id', event_id, 'occurred_at', occurred_at, 'community_id', community_id,
            'entity_id', entity_id, 'platform', platform, 'user_id', user_id,
            'user_name', user_name, 'type', type)
        FROM happenings WHERE event_id = %(event)s LIMIT 1
    ) AS happening, (
        SELECT jsonb_agg(to_jsonb(execution) - 'occurred_on' ORDER BY occurred_at, execution_id)
        FROM command_executions AS execution WHERE event_id = %(event)s
    ) AS verdicts
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Busiest:
    people: tuple[str, ...]
    places: tuple[EntityId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedCall:
    """`refused` are `{"wish", "why"}`; `community` is its name, if the place has one."""

    execution_id: str
    event_id: str
    occurred_at: datetime
    module: str
    command: str
    community: str | None
    entity_id: EntityId
    user_name: str
    refused: Sequence[Mapping[str, str]]


class Records:
    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres

    def explain(self, event_id: str) -> dict[str, Any] | None:
        """`{"message": {…} or None, "happening": {…} or None, "verdicts": [row of
        command_executions, …]}`; None if unknown. What is no line of chat is a happening.

        Raises:
            Unavailable: neither replica nor writer answers.
        """
        for ask in (self._postgres.read, self._postgres.write):  # the replica may lag
            [row] = ask(_OF_EVENT, {"event": event_id})
            if any(row.values()):
                return {**row, "verdicts": row["verdicts"] or []}
        return None

    def last_for(
        self, community: CommunityId, user_id: str, entity: EntityId, *, limit: int = 1
    ) -> list[dict[str, Any]]:
        """The newest verdicts about a person in one place, newest first. Raises Unavailable.

        `{"event_id", "execution_id", "occurred_at", "module", …}`, as `explain` has them.
        """
        # The writer: people ask why about what they typed a moment ago.
        return self._postgres.write(
            """
            SELECT event_id, execution_id, occurred_at, module, command, arguments, needed_role,
                role, reason, decided_by, wait_seconds, status, error_message, hushed,
                refused
            FROM command_executions
            WHERE community_id = %(community)s AND entity_id = %(entity)s AND user_id = %(user)s
            ORDER BY occurred_at DESC, execution_id LIMIT %(limit)s
            """,
            {"community": community, "entity": entity, "user": user_id, "limit": limit},
        )

    def refused_wishes(self, *, module: str | None, most: int) -> list[RefusedCall]:
        """The newest calls whose module wished what was not done, of one module or all.

        Raises Unavailable.
        """
        rows = self._postgres.read(
            """
            SELECT execution_id, event_id, occurred_at, module, command,
                communities.name AS community, entity_id, user_name, refused
            FROM command_executions
            LEFT JOIN communities ON communities.id = command_executions.community_id
            WHERE refused IS NOT NULL
                AND (%(module)s::text IS NULL OR module = %(module)s)
            ORDER BY occurred_at DESC, execution_id DESC LIMIT %(most)s
            """,
            {"module": module, "most": most},
        )
        return [RefusedCall(**{**row, "entity_id": EntityId(row["entity_id"])}) for row in rows]

    def counts(self, community: CommunityId, since: datetime) -> dict[str, int]:
        """`{"messages", "people", "calls", "refused", "failed"}` since then. Raises Unavailable."""
        [row] = self._postgres.read(
            """
            SELECT messages.*, calls.* FROM (
                SELECT count(*) AS messages, count(DISTINCT (platform, user_id)) AS people
                FROM messages WHERE community_id = %(community)s AND occurred_at >= %(since)s
                    AND occurred_on >= %(day)s
            ) AS messages, (
                SELECT count(*) FILTER (WHERE reason = 'allowed') AS calls,
                    count(*) FILTER (WHERE status IS NULL) AS refused,
                    count(*) FILTER (WHERE status = 'failed') AS failed
                FROM command_executions
                WHERE community_id = %(community)s AND occurred_at >= %(since)s
                    AND occurred_on >= %(day)s
            ) AS calls
            """,
            {"community": community, "since": since, "day": since.date()},
        )
        return row

    def busiest(self, community: CommunityId, since: datetime, *, most: int) -> Busiest:
        """Who wrote most since then, each person once, and where. Raises Unavailable."""
        [row] = self._postgres.read(
            """
            WITH said AS (
                SELECT messages.*, coalesce(
                    person_id::text, messages.platform || ':' || messages.user_id
                ) AS person FROM messages LEFT JOIN identities USING (platform, user_id)
                WHERE community_id = %(community)s AND occurred_at >= %(since)s
                    AND occurred_on >= %(day)s
            )
            SELECT array(
                SELECT max(user_name) FROM said WHERE user_name <> ''
                GROUP BY person ORDER BY count(*) DESC, person LIMIT %(most)s
            ) AS people, array(
                SELECT entity_id FROM said
                GROUP BY entity_id ORDER BY count(*) DESC, entity_id LIMIT %(most)s
            ) AS places
            """,
            {"community": community, "since": since, "day": since.date(), "most": most},
        )
        return Busiest(people=tuple(row["people"]), places=tuple(row["places"]))
