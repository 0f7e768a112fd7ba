"""Commands that communities have of their own, and what those count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from psycopg.types.json import Jsonb

from waddlebot.domain.custom_commands import CustomCommand, custom_to_wire
from waddlebot.domain.custom_whens import when_of_wire, when_to_wire
from waddlebot.domain.entities import CommunityId
from waddlebot.stores.postgres import Connection, Postgres
from waddlebot.stores.understood import understood
from waddlebot.stores.versions import Edit
from waddlebot_sdk.roles import Role

MOST_COUNTED = 10**15
_OF = """
    SELECT name, text, role, cooldown_seconds, person_cooldown_seconds, answers_when, enabled
    FROM custom_commands
    WHERE community_id = %(id)s ORDER BY name
"""


def custom_of_row(row: Mapping[str, Any]) -> CustomCommand:
    """Of a `row` `{name, text, role, cooldown_seconds, person_cooldown_seconds, answers_when,
    enabled}`.

    Raises ValueError, KeyError: it is of a release that knows more.
    """
    return CustomCommand(
        name=row["name"],
        text=row["text"],
        role=Role(row["role"]),
        cooldown_seconds=row["cooldown_seconds"],
        person_cooldown_seconds=row["person_cooldown_seconds"],
        when=when_of_wire(row["answers_when"]),
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
                answers_when, enabled)
            VALUES (
                %(id)s, %(name)s, %(text)s, %(role)s, %(cooldown_seconds)s,
                %(person_cooldown_seconds)s, %(answers_when)s, %(enabled)s
            )
            ON CONFLICT (community_id, name) DO UPDATE SET
                text = excluded.text, role = excluded.role,
                cooldown_seconds = excluded.cooldown_seconds,
                person_cooldown_seconds = excluded.person_cooldown_seconds,
                answers_when = excluded.answers_when, enabled = excluded.enabled
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
        """Those, and no others; all of them while there is a text that may count with any."""
        if self.names() != self.all().keys():
            return
        self._connection.execute(
            """
            DELETE FROM custom_counters
            WHERE community_id = %(id)s AND NOT counter = ANY(%(counters)s)
            """,
            {"id": self._community, "counters": list(counters)},
        )

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
            SET counted = greatest(-%(most)s, least(%(most)s, found.counted + excluded.counted))
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
        "SELECT counter, counted FROM custom_counters WHERE community_id = %(id)s",
        {"id": community},
    )
    return {row["counter"]: row["counted"] for row in rows}
