"""Commands that communities have of their own, and what those count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, LiteralString

from psycopg.types.json import Jsonb

from waddlebot.domain.custom_commands import CustomCommand, custom_to_wire
from waddlebot.domain.custom_whens import when_of_wire, when_to_wire
from waddlebot.domain.entities import CommunityId
from waddlebot.stores.postgres import Connection, Postgres
from waddlebot.stores.understood import understood
from waddlebot.stores.versions import Edit
from waddlebot_sdk.roles import Role

MOST_COUNTED = 10**15
MOST_LEFT = 300
_IS_LATELY: LiteralString = "(left_at > now() - interval '1 day')"
_OF = """
    SELECT name, text, role, cooldown_seconds, person_cooldown_seconds, answers_when, category,
        enabled
    FROM custom_commands
    WHERE community_id = %(id)s ORDER BY name
"""


def custom_of_row(row: Mapping[str, Any]) -> CustomCommand:
    """Of a `row` `{name, text, role, cooldown_seconds, person_cooldown_seconds, answers_when,
    category, enabled}`.

    Raises ValueError, KeyError: it is of a release that knows more.
    """
    return CustomCommand(
        name=row["name"],
        text=row["text"],
        role=Role(row["role"]),
        cooldown_seconds=row["cooldown_seconds"],
        person_cooldown_seconds=row["person_cooldown_seconds"],
        when=when_of_wire(row["answers_when"]),
        category=row["category"],
        enabled=row["enabled"],
    )


class CustomCommands:
    """Of one community, in a change of it."""

    def __init__(self, edit: Edit, community: CommunityId) -> None:
        self._edit = edit
        self._connection = edit.connection
        self._community = community

    def all(self) -> dict[str, CustomCommand]:
        """By name, those that this release understands."""
        rows = self._connection.execute(_OF, {"id": self._community})
        return {one.name: one for one in understood("custom_commands", rows, custom_of_row)}

    def names(self) -> set[str]:
        """All that are taken, also by what a newer release wrote."""
        rows = self._connection.execute(_OF, {"id": self._community})
        return {row["name"] for row in rows}

    def put(self, command: CustomCommand, *, before: CustomCommand | None) -> None:
        self._connection.execute(
            """
            INSERT INTO custom_commands
                (community_id, name, text, role, cooldown_seconds, person_cooldown_seconds,
                answers_when, category, enabled)
            VALUES (
                %(id)s, %(name)s, %(text)s, %(role)s, %(cooldown_seconds)s,
                %(person_cooldown_seconds)s, %(answers_when)s, %(category)s, %(enabled)s
            )
            ON CONFLICT (community_id, name) DO UPDATE SET
                text = excluded.text, role = excluded.role,
                cooldown_seconds = excluded.cooldown_seconds,
                person_cooldown_seconds = excluded.person_cooldown_seconds,
                answers_when = excluded.answers_when, category = excluded.category,
                enabled = excluded.enabled
            """,
            {
                "id": self._community,
                **custom_to_wire(command),
                "answers_when": Jsonb(when_to_wire(command.when)),
            },
        )
        was = None if before is None else custom_to_wire(before)
        self._edit.note(
            "set custom command",
            command.name,
            self._community,
            before=was,
            after=custom_to_wire(command),
        )

    def rename(self, before: str, after: str, *, with_counter: bool) -> None:
        """It stays the same one; `with_counter`: what was counted by its name goes with it."""
        names = {"id": self._community, "before": before, "after": after}
        self._connection.execute(
            """
            UPDATE custom_commands SET name = %(after)s
            WHERE community_id = %(id)s AND name = %(before)s
            """,
            names,
        )
        if with_counter:
            self._move_counter(names)
        was, now = {"name": before}, {"name": after}
        self._edit.note("rename custom command", before, self._community, before=was, after=now)

    def _move_counter(self, names: Mapping[str, Any]) -> None:
        self._connection.execute(
            """
            DELETE FROM custom_counters WHERE community_id = %(id)s AND counter = %(after)s
                AND left_at IS NOT NULL
            """,
            names,
        )
        self._connection.execute(
            """
            UPDATE custom_counters SET counter = %(after)s
            WHERE community_id = %(id)s AND counter = %(before)s AND NOT EXISTS (
                SELECT FROM custom_counters
                WHERE community_id = %(id)s AND counter = %(after)s
            )
            """,
            names,
        )

    def remove(self, command: CustomCommand) -> None:
        self._connection.execute(
            "DELETE FROM custom_commands WHERE community_id = %(id)s AND name = %(name)s",
            {"id": self._community, "name": command.name},
        )
        self._edit.note(
            "remove custom command", command.name, self._community, before=custom_to_wire(command)
        )

    def keep_counters(self, counters: Iterable[str]) -> None:
        """Those; all others are forgotten after a day, and MOST_LEFT of them are kept until then.

        All are kept while there is a text that may count with any.
        """
        if self.names() != self.all().keys():
            return
        self._connection.execute(
            f"""
            WITH back AS (
                UPDATE custom_counters SET left_at = NULL,
                    counted = CASE WHEN {_IS_LATELY} THEN counted ELSE 0 END
                WHERE community_id = %(id)s AND counter = ANY(%(counters)s)
                    AND left_at IS NOT NULL
            ), gone AS (
                UPDATE custom_counters SET left_at = now()
                WHERE community_id = %(id)s AND counter <> ALL(%(counters)s) AND left_at IS NULL
            )
            DELETE FROM custom_counters
            WHERE community_id = %(id)s AND counter <> ALL(%(counters)s) AND left_at IS NOT NULL
                AND (NOT {_IS_LATELY} OR counter IN (
                    SELECT counter FROM custom_counters
                    WHERE community_id = %(id)s AND left_at IS NOT NULL
                    ORDER BY left_at DESC, counter OFFSET %(most)s
                ))
            """,  # noqa: S608 - all is ours
            {"id": self._community, "counters": list(counters), "most": MOST_LEFT},
        )

    def left(self) -> dict[str, int]:
        """What those had come to, by name, with which nothing counts any more since a day or less:
        they count on where a text does again.
        """
        rows = self._connection.execute(
            f"""
            SELECT counter, counted FROM custom_counters
            WHERE community_id = %(id)s AND {_IS_LATELY}
            """,  # noqa: S608 - all is ours
            {"id": self._community},
        )
        return {row["counter"]: row["counted"] for row in rows}

    def set_counted(self, counter: str, counted: int) -> int:
        """`counted` is how many times it has counted, from now on. Returns how many it had."""
        before = count_custom(self._connection, self._community, counter, 0)
        self._connection.execute(
            """
            UPDATE custom_counters SET counted = %(counted)s
            WHERE community_id = %(id)s AND counter = %(counter)s
            """,
            {"id": self._community, "counter": counter, "counted": counted},
        )
        was, now = {"counted": before}, {"counted": counted}
        self._edit.note("set custom counter", counter, self._community, before=was, after=now)
        return before


def count_custom(connection: Connection, community: CommunityId, counter: str, by: int) -> int:
    """What it has come to, `by` added; it stays within what a number can be."""
    row = connection.execute(
        """
        INSERT INTO custom_counters AS found (community_id, counter, counted)
        VALUES (%(id)s, %(counter)s, %(by)s)
        ON CONFLICT (community_id, counter) DO UPDATE
            SET counted = greatest(-%(most)s, least(%(most)s, found.counted + excluded.counted)),
                left_at = NULL
        RETURNING counted
        """,
        {"id": community, "counter": counter, "by": by, "most": MOST_COUNTED},
    ).fetchone()
    assert row is not None  # noqa: S101 - it returns its row
    counted: int = row["counted"]
    return counted


def list_custom(postgres: Postgres, community: CommunityId) -> list[CustomCommand]:
    """In the alphabet's order, those that this release understands. Raises Unavailable."""
    rows = postgres.write(_OF, {"id": community})
    return understood("custom_commands", rows, custom_of_row)


def list_counted(postgres: Postgres, community: CommunityId) -> dict[str, int]:
    """What each counter has come to, by its name. Raises Unavailable."""
    rows = postgres.write(
        """
        SELECT counter, counted FROM custom_counters
        WHERE community_id = %(id)s AND left_at IS NULL
        """,
        {"id": community},
    )
    return {row["counter"]: row["counted"] for row in rows}
