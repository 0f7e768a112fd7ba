"""Who changed what, when, and how it was before; rows are added and never touched again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from waddlebot.domain.entities import CommunityId
from waddlebot.stores.postgres import Connection, Postgres

Values = Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """`who` is an API account, or a person as `platform:id`; `action` is a verb and its object,
    `rotate key`; `about` names the thing. `before` is None for what was made, `after` for what is
    gone."""

    who: str
    action: str
    about: str
    community: CommunityId | None = None
    before: Values = None
    after: Values = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptChange:
    """`community` is its name."""

    id: int
    at: datetime
    community: str | None
    change: Change


def note(connection: Connection, change: Change) -> None:
    """In the transaction of the change itself: neither is there without the other."""
    connection.execute(
        """
        INSERT INTO audit_log (who, action, about, community_id, before, after)
        VALUES (%(who)s, %(action)s, %(about)s, %(community)s, %(before)s, %(after)s)
        """,
        {
            "who": change.who,
            "action": change.action,
            "about": change.about,
            "community": change.community,
            "before": None if change.before is None else Jsonb(dict(change.before)),
            "after": None if change.after is None else Jsonb(dict(change.after)),
        },
    )


def last_change(
    connection: Connection, community: CommunityId, actions: Sequence[str]
) -> Change | None:
    """The newest of these actions."""
    row = connection.execute(
        """
        SELECT * FROM audit_log WHERE community_id = %(community)s AND action = ANY(%(actions)s)
        ORDER BY id DESC LIMIT 1
        """,
        {"community": community, "actions": list(actions)},
    ).fetchone()
    return _change(row) if row else None


def who_changed_since(
    connection: Connection, community: CommunityId, actions: Sequence[str]
) -> Sequence[str]:
    """Each once, in the order of the alphabet: since the newest of these actions."""
    rows = connection.execute(
        """
        SELECT DISTINCT who FROM audit_log WHERE community_id = %(community)s AND id > (
            SELECT max(id) FROM audit_log
            WHERE community_id = %(community)s AND action = ANY(%(actions)s)
        ) ORDER BY who
        """,
        {"community": community, "actions": list(actions)},
    )
    return [row["who"] for row in rows]


def list_changes(
    postgres: Postgres, *, community: str | None, before: int | None, most: int
) -> list[KeptChange]:
    """The newest first, of one community by its name, or all.

    `before` is the id of the last one that is known. Raises Unavailable.
    """
    if community is None:
        return list_changes_of(postgres, None, before=before, most=most)
    found = postgres.write("SELECT id FROM communities WHERE name = %(name)s", {"name": community})
    numbers = [CommunityId(row["id"]) for row in found]
    return list_changes_of(postgres, numbers[0], before=before, most=most) if numbers else []


def list_changes_of(
    postgres: Postgres, community: CommunityId | None, *, before: int | None, most: int
) -> list[KeptChange]:
    """As `list_changes`, by the community's number. Raises Unavailable."""
    # The writer: whoever has just changed something looks for it.
    rows = postgres.write(
        """
        SELECT audit_log.*, communities.name AS community FROM audit_log
        LEFT JOIN communities ON communities.id = audit_log.community_id
        WHERE (%(before)s::bigint IS NULL OR audit_log.id < %(before)s)
            AND (%(community)s::bigint IS NULL OR audit_log.community_id = %(community)s)
        ORDER BY audit_log.id DESC LIMIT %(most)s
        """,
        {"community": community, "before": before, "most": most},
    )
    return [
        KeptChange(
            id=row["id"],
            at=row["changed_at"],
            community=row["community"],
            change=_change(row),
        )
        for row in rows
    ]


def _change(row: Mapping[str, Any]) -> Change:
    return Change(
        who=row["who"],
        action=row["action"],
        about=row["about"],
        community=row["community_id"],
        before=row["before"],
        after=row["after"],
    )
