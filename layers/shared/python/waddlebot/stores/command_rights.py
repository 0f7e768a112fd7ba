"""Who may use a command, where a community says otherwise than its module."""

from __future__ import annotations

from waddlebot.domain.entities import CommunityId
from waddlebot.stores.versions import Edit
from waddlebot_sdk.roles import Role


class CommandRights:
    def __init__(self, edit: Edit) -> None:
        self._edit = edit
        self._connection = edit.connection

    def find(self, community: CommunityId, command: str) -> Role | None:
        """None: as the module declares it."""
        row = self._connection.execute(
            """
            SELECT role FROM command_rights
            WHERE community_id = %(community)s AND command = %(command)s
            """,
            {"community": community, "command": command},
        ).fetchone()
        return Role(row["role"]) if row else None

    def put(self, community: CommunityId, command: str, role: Role) -> None:
        row = self._connection.execute(
            """
            WITH before AS (
                SELECT role FROM command_rights
                WHERE community_id = %(community)s AND command = %(command)s
            ), put AS (
                INSERT INTO command_rights (community_id, command, role)
                VALUES (%(community)s, %(command)s, %(role)s)
                ON CONFLICT (community_id, command) DO UPDATE SET role = excluded.role
            )
            SELECT role FROM before
            """,
            {"community": community, "command": command, "role": role.value},
        ).fetchone()
        before = {"value": row["role"]} if row else None
        after = {"value": role.value}
        if before != after:
            self._edit.note("set right", command, community, before=before, after=after)

    def clear(self, community: CommunityId, command: str) -> Role | None:
        """As the module declares it again; what it was, or None."""
        row = self._connection.execute(
            """
            DELETE FROM command_rights
            WHERE community_id = %(community)s AND command = %(command)s RETURNING role
            """,
            {"community": community, "command": command},
        ).fetchone()
        if row is None:
            return None
        self._edit.note("clear right", command, community, before={"value": row["role"]})
        return Role(row["role"])
