"""Commands that communities have of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from waddlebot.domain.custom_commands import CustomCommand, custom_to_wire
from waddlebot.domain.custom_counting import counters_of
from waddlebot.domain.custom_whens import when_of_wire, when_to_wire
from waddlebot.domain.entities import CommunityId
from waddlebot.stores.own_counters import OF_CUSTOM, OwnCounters
from waddlebot.stores.postgres import Jsonb, Postgres
from waddlebot.stores.understood import understood
from waddlebot.stores.versions import Edit
from waddlebot_sdk.roles import Role

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


@dataclass(slots=True)
class _ReadCommands:
    """`names` are all that are taken, also by what a newer release wrote."""

    commands: dict[str, CustomCommand]
    names: set[str]


class CustomCommands:
    """Of one community, in a change of it."""

    def __init__(self, edit: Edit, community: CommunityId) -> None:
        self._edit = edit
        self._connection = edit.connection
        self._community = community
        self.counters = OwnCounters(edit, community, OF_CUSTOM)

    def all(self) -> dict[str, CustomCommand]:
        """By name, those that this release understands."""
        return dict(self._kept().commands)

    def names(self) -> set[str]:
        """All that are taken, also by what a newer release wrote."""
        return set(self._kept().names)

    def _kept(self) -> _ReadCommands:
        """Read once of a community that is held: else 300 that are brought in read 300 each."""
        return self._edit.keep("custom commands", self._community, self._read)

    def _read(self) -> _ReadCommands:
        rows = self._connection.execute(_OF, {"id": self._community}).fetchall()
        found = understood("custom_commands", rows, custom_of_row)
        return _ReadCommands({one.name: one for one in found}, {row["name"] for row in rows})

    def counters_in_texts(self) -> set[str]:
        """By their names, those that a text counts with."""
        return {
            counter
            for one in self._kept().commands.values()
            for counter in counters_of(one.name, one.text)
        }

    def settle_counters(self) -> None:
        """Once all is changed, those that no text counts with any more are left. All are kept while
        there is a text that may count with any.
        """
        self._edit.at_last("custom counters", self._community, self._settle_counters)

    def _settle_counters(self) -> None:
        counted = self.counters_in_texts()
        self.counters.bring_back(counted)
        if self.names() == self.all().keys():
            self.counters.leave_others(counted)

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
        kept = self._kept()
        kept.commands[command.name] = command
        kept.names.add(command.name)
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
            self.counters.move(before, after)
        kept = self._kept()
        kept.names = (kept.names - {before}) | {after}
        if before in kept.commands:
            kept.commands[after] = replace(kept.commands.pop(before), name=after)
        was, now = {"name": before}, {"name": after}
        self._edit.note("rename custom command", before, self._community, before=was, after=now)

    def remove(self, command: CustomCommand) -> None:
        self._connection.execute(
            "DELETE FROM custom_commands WHERE community_id = %(id)s AND name = %(name)s",
            {"id": self._community, "name": command.name},
        )
        kept = self._kept()
        kept.commands.pop(command.name, None)
        kept.names.discard(command.name)
        self._edit.note(
            "remove custom command", command.name, self._community, before=custom_to_wire(command)
        )


def list_custom(postgres: Postgres, community: CommunityId) -> list[CustomCommand]:
    """In the alphabet's order, those that this release understands. Raises Unavailable."""
    rows = postgres.write(_OF, {"id": community})
    return understood("custom_commands", rows, custom_of_row)
