"""Which community functions hear what happens in a community."""

from __future__ import annotations

from collections.abc import Sequence

from psycopg.types.json import Jsonb

from waddlebot.domain.entities import CommunityId
from waddlebot.stores.versions import Edit


class InstalledModules:
    def __init__(self, edit: Edit) -> None:
        self._edit = edit
        self._connection = edit.connection

    def install(self, community: CommunityId, module: str, may: Sequence[str]) -> bool:
        """False where it is installed already, and may do just that."""
        row = self._connection.execute(
            """
            INSERT INTO installed_modules AS known (community_id, module, may)
            VALUES (%(community)s, %(module)s, %(may)s)
            ON CONFLICT (community_id, module) DO UPDATE SET may = EXCLUDED.may
                WHERE known.may <> EXCLUDED.may
            RETURNING module
            """,
            {"community": community, "module": module, "may": Jsonb(list(may))},
        ).fetchone()
        if row is not None:
            granted = {"may": list(may)} if may else {}
            self._edit.note("install module", module, community, after={"value": True} | granted)
        return row is not None

    def count(self, community: CommunityId) -> int:
        row = self._connection.execute(
            "SELECT count(*) AS n FROM installed_modules WHERE community_id = %(community)s",
            {"community": community},
        ).fetchone()
        return int(row["n"]) if row else 0

    def remove(self, community: CommunityId, module: str) -> bool:
        """False where it is not installed."""
        row = self._connection.execute(
            """
            DELETE FROM installed_modules
            WHERE community_id = %(community)s AND module = %(module)s RETURNING module
            """,
            {"community": community, "module": module},
        ).fetchone()
        if row is not None:
            self._edit.note("remove module", module, community, before={"value": True})
        return row is not None
