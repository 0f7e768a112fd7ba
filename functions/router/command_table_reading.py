"""The command table as it is read from its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from functions.router.destinations.engines import ENGINES
from waddlebot.domain.command_table import CommandTable
from waddlebot.domain.completions import arguments_of_events
from waddlebot.domain.triggers import (
    CommandTrigger,
    Destination,
    EventTrigger,
    Turn,
)
from waddlebot.stores.understood import understood
from waddlebot_sdk.module import ExecutionMode
from waddlebot_sdk.roles import Role
from waddlebot_sdk.wishes import read_may

MOST_SECONDS = 900
"""As long as anything that is called may take."""


def read_table(rows: Sequence[Mapping[str, Any]]) -> CommandTable:
    """What this release understands of it: other rows are skipped, and said in the log."""
    read = understood("commands", rows, _triggers)
    return CommandTable(
        [one for those in read for one in those if isinstance(one, CommandTrigger)],
        [one for those in read for one in those if isinstance(one, EventTrigger)],
    )


def _triggers(row: Mapping[str, Any]) -> list[CommandTrigger | EventTrigger]:
    match row["trigger_type"]:
        case "command":
            return [_command(row)]
        case "event":
            return list(_listeners(row))
        case other:
            raise ValueError(f"{other!r} is no trigger type")


def _command(row: Mapping[str, Any]) -> CommandTrigger:
    if not row["command"].split():
        raise ValueError("there is nothing to type")
    return CommandTrigger(
        id=f"{row['prefix']}{row['canonical']}",
        **_shared(row),
        prefix=row["prefix"],
        path=row["command"],
        usage=row["usage"],
        summary=row["description"],
        about_module=row.get("module_summary", ""),
        example=row["example"],
        per_minute=row["rate_limit"],
        cooldown_seconds=row["cooldown_seconds"],
        private=row["private"],
        secret=row["secret"],
        completes=arguments_of_events(row["event_types"]),
    )


def _listeners(row: Mapping[str, Any]) -> Iterator[EventTrigger]:
    for told in row["event_types"]:
        event_type, _, sign = told.partition(" ")
        yield EventTrigger(
            id=f"{row['module']}:on:{event_type}",
            **_shared(row),
            consumes=False,
            event_type=event_type,
            sign=sign,
        )


def _shared(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "module": row["module"],
        "destination": _destination(row),
        "turn": Turn(row["turn"]),
        "priority": row["priority"],
        "role": Role(row["role"]),
        "execution_mode": ExecutionMode(row["execution_mode"]),
        "may": read_may(row.get("may", ())),
        "timeout_seconds": _seconds(row["timeout"]),
    }


def _destination(row: Mapping[str, Any]) -> Destination:
    """`container` holds what the router serves itself: `builtin:help`."""
    engine, location = row["type"], row["location_url"]
    builtin = location.removeprefix("builtin:")
    if engine == "container" and builtin != location:
        return Destination(engine="builtin", location=builtin)
    if engine not in ENGINES or not ENGINES[engine].takes_commands:
        raise ValueError(f"{engine!r} is no engine of this release")
    is_strangers = row["location"] != "internal"
    return Destination(engine=engine, location=location, is_strangers=is_strangers)


def _seconds(value: object) -> float:
    """Raises ValueError. JSON has no word for what is infinite: that comes as text."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{value!r} is no time")  # noqa: TRY004 - one kind for all of a row
    if not 0 < value <= MOST_SECONDS:
        raise ValueError(f"{value!r} s is no time that a call may take")
    return float(value)
