"""What aliases and custom commands of communities count, each in a table of its own.

A counter with which nothing counts any more is there for a day
(docs/decisions/0168-what-is-deleted-counts-on-for-a-day.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import LiteralString

from waddlebot.domain.entities import CommunityId
from waddlebot.stores.postgres import Connection, Postgres
from waddlebot.stores.versions import Edit

OF_ALIASES: LiteralString = "alias_counters"
OF_CUSTOM: LiteralString = "custom_counters"
MOST_COUNTED = 10**15
MOST_LEFT = 300

_IS_LATELY: LiteralString = "(left_at > now() - interval '1 day')"


class OwnCounters:
    """Of one community, in a change of it; `table` is that of its aliases or its commands."""

    def __init__(self, edit: Edit, community: CommunityId, table: LiteralString) -> None:
        self._edit = edit
        self._connection = edit.connection
        self._community = community
        self._table = table

    def bring_back(self, counters: Iterable[str]) -> None:
        """Those that were left count on, or begin anew where that was more than a day ago."""
        self._connection.execute(
            f"""
            UPDATE {self._table} SET left_at = NULL,
                counted = CASE WHEN {_IS_LATELY} THEN counted ELSE 0 END
            WHERE community_id = %(id)s AND counter = ANY(%(counters)s) AND left_at IS NOT NULL
            """,  # noqa: S608 - all is ours
            {"id": self._community, "counters": list(counters)},
        )

    def leave_others(self, counters: Iterable[str]) -> None:
        """All but those are forgotten after a day, and MOST_LEFT of them are kept until then."""
        self._connection.execute(
            f"""
            WITH gone AS (
                UPDATE {self._table} SET left_at = now()
                WHERE community_id = %(id)s AND counter <> ALL(%(counters)s) AND left_at IS NULL
            )
            DELETE FROM {self._table}
            WHERE community_id = %(id)s AND counter <> ALL(%(counters)s) AND left_at IS NOT NULL
                AND (NOT {_IS_LATELY} OR counter IN (
                    SELECT counter FROM {self._table}
                    WHERE community_id = %(id)s AND left_at IS NOT NULL
                    ORDER BY left_at DESC, counter OFFSET %(most)s
                ))
            """,  # noqa: S608 - all is ours
            {"id": self._community, "counters": list(counters), "most": MOST_LEFT},
        )

    def left(self) -> dict[str, int]:
        """What those had come to, by name, with which nothing counts any more since a day or less:
        they count on where something does again.
        """
        rows = self._connection.execute(
            f"""
            SELECT counter, counted FROM {self._table}
            WHERE community_id = %(id)s AND {_IS_LATELY}
            """,  # noqa: S608 - all is ours
            {"id": self._community},
        )
        return {row["counter"]: row["counted"] for row in rows}

    def move(self, before: str, after: str) -> None:
        """What was counted under the name of before, unless something counts under the other."""
        names = {"id": self._community, "before": before, "after": after}
        self._connection.execute(
            f"""
            DELETE FROM {self._table} WHERE community_id = %(id)s AND counter = %(after)s
                AND left_at IS NOT NULL
            """,  # noqa: S608 - all is ours
            names,
        )
        self._connection.execute(
            f"""
            UPDATE {self._table} SET counter = %(after)s
            WHERE community_id = %(id)s AND counter = %(before)s AND NOT EXISTS (
                SELECT FROM {self._table}
                WHERE community_id = %(id)s AND counter = %(after)s
            )
            """,  # noqa: S608 - all is ours
            names,
        )

    def set_to(self, counter: str, counted: int, *, action: str) -> int:
        """How many times it has counted, from now on. Returns how many it had."""
        before = count_by(self._connection, self._table, self._community, counter, 0)
        self._connection.execute(
            f"""
            UPDATE {self._table} SET counted = %(counted)s
            WHERE community_id = %(id)s AND counter = %(counter)s
            """,  # noqa: S608 - all is ours
            {"id": self._community, "counter": counter, "counted": counted},
        )
        was, now = {"counted": before}, {"counted": counted}
        self._edit.note(action, counter, self._community, before=was, after=now)
        return before


def count_by(
    connection: Connection, table: LiteralString, community: CommunityId, counter: str, by: int
) -> int:
    """What it has come to, `by` added (less than 0 takes away); it stays within what a number can
    be. One that was left meanwhile stays so: what is typed while it goes counts, and no more.
    """
    row = connection.execute(
        f"""
        INSERT INTO {table} AS found (community_id, counter, counted)
        VALUES (%(id)s, %(counter)s, %(by)s)
        ON CONFLICT (community_id, counter) DO UPDATE
            SET counted = greatest(-%(most)s, least(%(most)s, found.counted + excluded.counted))
        RETURNING counted
        """,  # noqa: S608 - all is ours
        {"id": community, "counter": counter, "by": by, "most": MOST_COUNTED},
    ).fetchone()
    assert row is not None  # noqa: S101 - it returns its row
    counted: int = row["counted"]
    return counted


def list_counted(postgres: Postgres, community: CommunityId) -> dict[str, int]:
    """What each counter of custom commands has come to, by its name. Raises Unavailable."""
    rows = postgres.write(
        """
        SELECT counter, counted FROM custom_counters
        WHERE community_id = %(id)s AND left_at IS NULL
        """,
        {"id": community},
    )
    return {row["counter"]: row["counted"] for row in rows}
