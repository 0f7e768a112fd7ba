"""What of one community the specification names, for those who may look: page by page.

Its tables are views (`specification.…`); what a row shows may cost a look into other tables, so a
page's ids are found first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.settings import NAMES
from waddlebot.stores.specified import SpecifiedRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Of a while, as the specification calls them: `messages` are lines of chat, `people` those who
    wrote any, and `command_execution_ms_average` how many milliseconds a call took.
    """

    messages: int
    people: int
    commands_processed_total: int
    commands_successful_total: int
    commands_failed_total: int
    rate_limits_hit_total: int
    string_matches_total: int
    command_execution_ms_average: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """Into one community; every method raises Unavailable."""

    postgres: Postgres
    community: CommunityId

    def entities(self, *, after: str, most: int) -> Sequence[SpecifiedRow]:
        """By `entity_id`: with the connection that each is heard by, and when somebody last wrote.

        Private talk is nobody's place.
        """
        ids = [row["entity_number"] for row in self._page_of_places(after, most)]
        rows = self.postgres.write(
            """
            SELECT shown.*, heard.webhook_url, heard.last_activity, heard.created_at,
                heard.updated_at, coalesce(heard.is_active, shown.is_active) AS is_heard,
                heard.config ->> 'connection' AS connection, heard.config ->> 'why' AS why
            FROM specification.entities AS shown
            LEFT JOIN specification.servers AS heard
                ON heard.id = shown.id AND heard.id = ANY(%(ids)s)
            WHERE shown.id = ANY(%(ids)s) ORDER BY entity_id
            """,
            {"ids": ids},
        )
        return list(map(_row, rows))

    def commands(
        self, *, prefix: str | None, entity: EntityId | None, after: int, most: int
    ) -> Sequence[SpecifiedRow]:
        """By id, with what this community made of each; in `entity`, if that is a place of its
        own, also what is off there alone."""
        rows = self.postgres.write(
            """
            SELECT shown.*, known.module, coalesce(changed.role, known.role) AS role,
                (
                    SELECT min(own.key) FROM jsonb_each_text(ours.settings -> %(names)s) AS own
                    WHERE own.value = known.prefix || known.canonical
                ) AS own_name,
                shown.is_active AND NOT ours.disabled && names.of AND NOT EXISTS (
                    SELECT FROM command_permissions AS place
                    WHERE place.entity_id = %(entity)s AND NOT is_enabled AND EXISTS (
                        SELECT FROM entities
                        WHERE entity_id = place.entity_id AND community_id = ours.id
                    )
                        AND place.command = ANY(names.of)
                ) AS is_enabled
            FROM specification.commands AS shown JOIN commands AS known USING (id)
            JOIN communities AS ours ON ours.id = %(community)s
            CROSS JOIN LATERAL (
                SELECT ARRAY[known.module, known.prefix || known.canonical] AS of
            ) AS names
            LEFT JOIN command_rights AS changed ON changed.community_id = ours.id
                AND changed.command = known.prefix || known.canonical
            WHERE shown.trigger_type = 'command' AND shown.id > %(after)s
                AND (%(prefix)s::text IS NULL OR shown.prefix = %(prefix)s)
            ORDER BY shown.id LIMIT %(most)s
            """,
            {
                "community": self.community,
                "names": NAMES,
                "entity": entity,
                "prefix": prefix,
                "after": after,
                "most": most,
            },
        )
        return list(map(_row, rows))

    def calls(
        self,
        since: datetime,
        *,
        of: Sequence[str] | None,
        before: str | None = None,
        most: int,
    ) -> Sequence[SpecifiedRow]:
        """The newest that ran since then first, behind the call `before`.

        `of` are `platform:id` of those whose calls are looked for; None is everybody.
        """
        found = self.postgres.write(
            """
            SELECT execution_id FROM command_executions
            WHERE community_id = %(community)s AND status IS NOT NULL
                AND occurred_on >= %(day)s AND occurred_at >= %(since)s
                AND (%(of)s::text[] IS NULL OR platform || ':' || user_id = ANY(%(of)s))
                AND (%(before)s::text IS NULL OR (occurred_at, execution_id) < (
                    SELECT occurred_at, execution_id FROM command_executions
                    WHERE execution_id = %(before)s AND community_id = %(community)s LIMIT 1
                ))
            ORDER BY occurred_at DESC, execution_id DESC LIMIT %(most)s
            """,
            {**self._since(since), "of": of, "before": before, "most": most},
        )
        return self._calls([row["execution_id"] for row in found])

    def call(self, execution: str, *, of: Sequence[str] | None) -> SpecifiedRow | None:
        """None where it is not this community's, or not of one of these people."""
        found = self.postgres.write(
            """
            SELECT execution_id FROM command_executions
            WHERE execution_id = %(id)s AND community_id = %(community)s AND status IS NOT NULL
                AND (%(of)s::text[] IS NULL OR platform || ':' || user_id = ANY(%(of)s))
            """,
            {"id": execution, "community": self.community, "of": of},
        )
        return next(iter(self._calls([row["execution_id"] for row in found])), None)

    def numbers(self, since: datetime) -> Numbers:
        """How many lines, people and calls since then, under the names of the specification."""
        [row] = self.postgres.write(
            """
            SELECT lines.*, calls.* FROM (
                SELECT count(*) AS messages, count(DISTINCT (platform, user_id)) AS people
                FROM messages WHERE community_id = %(community)s AND occurred_at >= %(since)s
                    AND occurred_on >= %(day)s
            ) AS lines, (
                SELECT count(*) FILTER (WHERE status IS NOT NULL) AS commands_processed_total,
                    count(*) FILTER (WHERE status = 'success') AS commands_successful_total,
                    count(*) FILTER (WHERE status = 'failed') AS commands_failed_total,
                    count(*) FILTER (WHERE reason IN ('cooldown', 'limit'))
                        AS rate_limits_hit_total,
                    count(*) FILTER (WHERE command LIKE 'rule:%%' AND reason = 'allowed')
                        AS string_matches_total,
                    coalesce(avg(execution_time_ms) FILTER (WHERE status IS NOT NULL), 0)::float8
                        AS command_execution_ms_average
                FROM command_executions
                WHERE community_id = %(community)s AND occurred_at >= %(since)s
                    AND occurred_on >= %(day)s
            ) AS calls
            """,
            self._since(since),
        )
        return Numbers(**row)

    def _page_of_places(self, after: str, most: int) -> Sequence[Mapping[str, Any]]:
        return self.postgres.write(
            """
            SELECT entity_number FROM entities
            WHERE community_id = %(community)s AND entity_id > %(after)s
                AND NOT is_private_place(entity_id)
            ORDER BY entity_id LIMIT %(most)s
            """,
            {"community": self.community, "after": after, "most": most},
        )

    def _calls(self, ids: Sequence[str]) -> Sequence[SpecifiedRow]:
        rows = self.postgres.write(
            """
            SELECT shown.*, ran.occurred_at, ran.module, ran.command, ran.session_id,
                ran.platform, ran.user_name
            FROM specification.command_executions AS shown
            JOIN command_executions AS ran USING (execution_id)
            WHERE shown.execution_id = ANY(%(ids)s) AND ran.execution_id = ANY(%(ids)s)
            ORDER BY ran.occurred_at DESC, ran.execution_id DESC
            """,
            {"ids": list(ids)},
        )
        return list(map(_row, rows))

    def _since(self, since: datetime) -> dict[str, CommunityId | datetime | date]:
        return {"community": self.community, "since": since, "day": since.date()}


def _row(columns: Mapping[str, Any]) -> SpecifiedRow:
    return SpecifiedRow(id=columns["id"], columns=columns)
