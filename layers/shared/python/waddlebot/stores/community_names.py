"""What communities are called."""

from __future__ import annotations

from typing import LiteralString

from waddlebot.domain.entities import CommunityId, is_like_a_home
from waddlebot.domain.errors import Rejected
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.set_values import ValueSet, set_value, the_one
from waddlebot.stores.versions import Edit


class CommunityNames:
    def __init__(self, edit: Edit) -> None:
        self._edit = edit
        self._connection = edit.connection

    def name_of(self, community: CommunityId) -> str:
        """Raises Rejected: 404."""
        statement: LiteralString = "SELECT name FROM communities WHERE id = %(community)s"
        return str(the_one(self._connection, statement, {"community": community})["name"])

    def rename(self, community: CommunityId, name: str) -> bool:
        """False where another one has that name, whatever its letters' size.

        Raises Rejected: it could be taken for somebody else's server or channel.
        """
        self._check_own(community, name)
        taken = self._connection.execute(
            "SELECT FROM communities WHERE lower(name) = lower(%(name)s) AND id <> %(community)s",
            {"name": name, "community": community},
        ).fetchone()
        if taken is None:
            set_value(
                self._edit,
                """
                WITH old AS (SELECT id, name FROM communities WHERE id = %(community)s FOR UPDATE)
                UPDATE communities SET name = %(value)s FROM old WHERE communities.id = old.id
                RETURNING communities.id AS community_id, old.name AS was
                """,
                {"community": community},
                ValueSet(action="rename", about="community", value=name),
            )
        return taken is None

    def _check_own(self, community: CommunityId, name: str) -> None:
        """A name is not a place: only its own home's, which nobody gave, looks like one."""
        if not is_like_a_home(name):
            return
        own = self._connection.execute(
            "SELECT FROM communities WHERE id = %(id)s AND %(name)s IN (name, home)",
            {"id": community, "name": name},
        ).fetchone()
        if own is None:
            raise Rejected(
                409,
                "NAME_OF_A_PLACE",
                f"'{name[:60]}' could be taken for a place: a name has no ':' in it.",
            )


def find_community(postgres: Postgres, name: str) -> CommunityId | None:
    """By its name, whatever its letters' size. Raises Unavailable."""
    rows = postgres.write(
        "SELECT id FROM communities WHERE lower(name) = lower(%(name)s) LIMIT 1", {"name": name}
    )
    return CommunityId(rows[0]["id"]) if rows else None
