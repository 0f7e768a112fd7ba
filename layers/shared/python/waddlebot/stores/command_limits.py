"""Limits that communities set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.domain.limits import Limit
from waddlebot.stores.versions import Edit
from waddlebot_sdk.roles import Role


class CommandLimits:
    def __init__(self, edit: Edit) -> None:
        self._edit = edit
        self._connection = edit.connection

    def put(self, community: CommunityId, limit: Limit) -> None:
        """In place of the one for the same command, people, role and place."""
        row = self._connection.execute(
            """
            WITH before AS (
                SELECT * FROM command_limits WHERE community_id = %(community)s
                    AND command = %(command)s AND entity_id = %(entity)s AND role = %(role)s
                    AND together = %(together)s
            ), put AS (
                INSERT INTO command_limits
                    (community_id, command, entity_id, role, together, calls, seconds)
                VALUES (%(community)s, %(command)s, %(entity)s, %(role)s, %(together)s, %(calls)s,
                    %(seconds)s)
                ON CONFLICT (community_id, command, entity_id, role, together)
                DO UPDATE SET calls = excluded.calls, seconds = excluded.seconds
            )
            SELECT * FROM before
            """,
            {
                "community": community,
                "command": limit.command,
                "entity": limit.entity or "",
                "role": limit.role.value,
                "together": limit.together,
                "calls": limit.calls,
                "seconds": limit.seconds,
            },
        ).fetchone()
        before = _described(limit_of(row)) if row else None
        about = _about(limit.command)
        self._edit.note("set limit", about, community, before=before, after=_described(limit))

    def clear(
        self, community: CommunityId, command: str, *, at: EntityId | None = None
    ) -> list[Limit]:
        """All of this command, or those of one place alone; those that were there."""
        rows = self._connection.execute(
            """
            DELETE FROM command_limits WHERE community_id = %(community)s AND command = %(command)s
                AND (%(at)s::text IS NULL OR entity_id = %(at)s)
            RETURNING *
            """,
            {"community": community, "command": command, "at": at},
        ).fetchall()
        cleared = [limit_of(row) for row in rows]
        if cleared:
            was = {"limits": list(map(_described, cleared))}
            self._edit.note("clear limits", _about(command), community, before=was)
        return cleared

    def drop(self, community: CommunityId, limit: Limit) -> None:
        """The one for the same command, people, role and place, if there is one."""
        row = self._connection.execute(
            """
            DELETE FROM command_limits WHERE community_id = %(community)s
                AND command = %(command)s AND entity_id = %(entity)s AND role = %(role)s
                AND together = %(together)s RETURNING *
            """,
            {
                "community": community,
                "command": limit.command,
                "entity": limit.entity or "",
                "role": limit.role.value,
                "together": limit.together,
            },
        ).fetchone()
        if row is not None:
            before = _described(limit_of(row))
            self._edit.note("clear limits", _about(limit.command), community, before=before)

    def list_all(self, community: CommunityId) -> list[Limit]:
        rows = self._connection.execute(
            "SELECT * FROM command_limits WHERE community_id = %(community)s",
            {"community": community},
        )
        return [limit_of(row) for row in rows]


def limit_of(row: Mapping[str, Any]) -> Limit:
    """`row` is one of `command_limits`. Raises ValueError or KeyError where it is none of this
    release.
    """
    return Limit(
        command=row["command"],
        calls=row["calls"],
        seconds=row["seconds"],
        together=row["together"],
        role=Role(row["role"]),
        entity=EntityId(row["entity_id"]) if row["entity_id"] else None,
    )


def _about(command: str) -> str:
    return command or "all commands"


def _described(limit: Limit) -> dict[str, Any]:
    """For the audit log; what is as usual is left out."""
    told = {
        "calls": limit.calls,
        "seconds": limit.seconds,
        "together": limit.together,
        "role": "" if limit.role is Role.USER else limit.role.value,
        "place": limit.entity,
    }
    return {name: value for name, value in told.items() if value}
