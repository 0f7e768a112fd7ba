"""What a community calls lines of its own, and what those count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from waddlebot.domain.entities import CommunityId
from waddlebot.stores.postgres import Connection, Postgres
from waddlebot.stores.versions import Edit

MOST_COUNTED = 10**15
_OF = "SELECT alias, text FROM aliases WHERE community_id = %(id)s ORDER BY alias"


class Aliases:
    """Of one community, in a change of it."""

    def __init__(self, edit: Edit, community: CommunityId) -> None:
        self._edit = edit
        self._connection = edit.connection
        self._community = community

    def all(self) -> dict[str, str]:
        """What each stands for, by name."""
        rows = self._connection.execute(_OF, {"id": self._community})
        return {row["alias"]: row["text"] for row in rows}

    def put(self, name: str, text: str, *, before: str | None) -> None:
        self._connection.execute(
            """
            INSERT INTO aliases (community_id, alias, text) VALUES (%(id)s, %(name)s, %(text)s)
            ON CONFLICT (community_id, alias) DO UPDATE SET text = excluded.text
            """,
            {"id": self._community, "name": name, "text": text},
        )
        was = None if before is None else {"text": before}
        self._edit.note("set alias", name, self._community, before=was, after={"text": text})

    def rename(self, before: str, after: str) -> None:
        """It stays the same one."""
        self._connection.execute(
            """
            UPDATE aliases SET alias = %(after)s
            WHERE community_id = %(id)s AND alias = %(before)s
            """,
            {"id": self._community, "before": before, "after": after},
        )
        self._edit.note(
            "rename alias", before, self._community, before={"name": before}, after={"name": after}
        )

    def remove(self, name: str, text: str) -> None:
        self._connection.execute(
            "DELETE FROM aliases WHERE community_id = %(id)s AND alias = %(name)s",
            {"id": self._community, "name": name},
        )
        self._edit.note("remove alias", name, self._community, before={"text": text})

    def keep_counters(self, counters: Iterable[str]) -> None:
        """Those, and no others."""
        self._connection.execute(
            """
            DELETE FROM alias_counters
            WHERE community_id = %(id)s AND NOT counter = ANY(%(counters)s)
            """,
            {"id": self._community, "counters": list(counters)},
        )

    def move_counter(self, before: str, after: str) -> None:
        """What was counted under the name of before."""
        self._connection.execute(
            """
            UPDATE alias_counters SET counter = %(after)s
            WHERE community_id = %(id)s AND counter = %(before)s
            """,
            {"id": self._community, "before": before, "after": after},
        )

    def set_counted(self, counter: str, counted: int) -> int:
        """What it had come to before."""
        ours = {"id": self._community, "counter": counter}
        row = self._connection.execute(
            """
            SELECT counted FROM alias_counters
            WHERE community_id = %(id)s AND counter = %(counter)s FOR UPDATE
            """,
            ours,
        ).fetchone()
        before: int = row["counted"] if row else 0
        self._connection.execute(
            """
            INSERT INTO alias_counters (community_id, counter, counted)
            VALUES (%(id)s, %(counter)s, %(counted)s)
            ON CONFLICT (community_id, counter) DO UPDATE SET counted = excluded.counted
            """,
            {**ours, "counted": counted},
        )
        was, now = {"counted": before}, {"counted": counted}
        self._edit.note("set counter", counter, self._community, before=was, after=now)
        return before


def count(connection: Connection, community: CommunityId, counter: str, by: int) -> int:
    """What it has come to, `by` added (less than 0 takes away); it stays within what a number can
    be.
    """
    row = connection.execute(
        """
        INSERT INTO alias_counters AS found (community_id, counter, counted)
        VALUES (%(id)s, %(counter)s, %(by)s)
        ON CONFLICT (community_id, counter) DO UPDATE
            SET counted = greatest(-%(most)s, least(%(most)s, found.counted + excluded.counted))
        RETURNING counted
        """,
        {"id": community, "counter": counter, "by": by, "most": MOST_COUNTED},
    ).fetchone()
    assert row is not None  # noqa: S101 - it returns its row
    counted: int = row["counted"]
    return counted


def list_aliases(postgres: Postgres, community: CommunityId) -> Mapping[str, str]:
    """What each stands for, by name, in the alphabet's order. Raises Unavailable."""
    rows = postgres.write(_OF, {"id": community})
    return {row["alias"]: row["text"] for row in rows}
