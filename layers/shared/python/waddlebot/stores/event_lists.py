"""How many of its last events a community lists in OBS."""

from __future__ import annotations

from waddlebot.domain.entities import CommunityId
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Edit

_OF = "SELECT lines FROM event_lists WHERE community_id = %(id)s"


class EventLists:
    """Of one community, in a change of it."""

    def __init__(self, edit: Edit, community: CommunityId) -> None:
        self._edit = edit
        self._community = community

    def find(self) -> int | None:
        """None: there is no list."""
        row = self._edit.connection.execute(_OF, {"id": self._community}).fetchone()
        return row["lines"] if row else None

    def put(self, lines: int) -> None:
        self._edit.connection.execute(
            """
            INSERT INTO event_lists VALUES (%(id)s, %(lines)s)
            ON CONFLICT (community_id) DO UPDATE SET lines = excluded.lines
            """,
            {"id": self._community, "lines": lines},
        )
        self._edit.note("list events", "events", self._community, after={"lines": lines})

    def remove(self) -> None:
        self._edit.connection.execute(
            "DELETE FROM event_lists WHERE community_id = %(id)s", {"id": self._community}
        )
        self._edit.note("hide events", "events", self._community)


def find_lines(postgres: Postgres, community: CommunityId) -> int | None:
    """None: there is no list. Raises Unavailable."""
    rows = postgres.write(_OF, {"id": community})
    return rows[0]["lines"] if rows else None
