"""What a rule did: whom it hit, where and when, as the record tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.domain.string_rules import StringRule
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.string_rules import rule_of

MOST_HITS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """`text` is what the line said; it stays here when the platform has deleted it."""

    execution_id: str
    entity: EntityId
    user: str
    user_name: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRule:
    """`called` is the community's name."""

    community: CommunityId
    called: str
    rule: StringRule


def find_rule(postgres: Postgres, number: int) -> FoundRule | None:
    """Also where it is off; None where there is none of that number. Raises Unavailable."""
    rows = postgres.write(
        """
        SELECT string_rules.*, communities.name AS community FROM string_rules
        JOIN communities ON communities.id = community_id WHERE string_rules.id = %(id)s
        """,
        {"id": number},
    )
    for row in rows:
        return FoundRule(
            community=CommunityId(row["community_id"]), called=row["community"], rule=rule_of(row)
        )
    return None


def list_hits(
    postgres: Postgres, community: CommunityId, rule: int, *, since: timedelta
) -> list[Hit]:
    """The newest first, at most a thousand. Raises Unavailable. `rule` is its number."""
    rows = postgres.write(
        """
        SELECT ran.execution_id, ran.entity_id, ran.user_id, ran.user_name, ran.occurred_at,
            coalesce(line.text, '') AS text
        FROM command_executions AS ran
        LEFT JOIN messages AS line ON line.event_id = ran.event_id
            AND line.occurred_on = ran.occurred_on
        WHERE ran.community_id = %(community)s AND ran.module = 'moderation'
            AND ran.command = %(command)s AND ran.status = 'success'
            AND ran.occurred_on >= (now() - %(since)s::interval)::date
            AND ran.occurred_at >= now() - %(since)s::interval
        ORDER BY ran.occurred_at DESC LIMIT %(most)s
        """,
        {"community": community, "command": f"rule:{rule}", "since": since, "most": MOST_HITS},
    )
    return [
        Hit(
            execution_id=row["execution_id"],
            entity=EntityId(row["entity_id"]),
            user=row["user_id"] or "",
            user_name=row["user_name"] or "",
            at=row["occurred_at"],
            text=row["text"],
        )
        for row in rows
    ]
