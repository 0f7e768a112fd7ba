"""The declared commands of all modules as rows of the command table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from waddlebot.domain.completions import arguments_as_events
from waddlebot.domain.triggers import Turn
from waddlebot.stores.command_rows import CommandRow
from waddlebot_sdk.roles import Role


class CommandDeclaredTwice(ValueError):
    """The sentence names both modules: one of them must give up the command."""


def rows_of(declared: Mapping[str, Any]) -> list[CommandRow]:
    """A row a command and alias, and one a listened event type.

    Raises:
        CommandDeclaredTwice: see there.
    """
    rows: dict[tuple[str, str], CommandRow] = {}
    for module in declared["modules"]:
        for row in (*_typed(module), *_heard(module)):
            taken = rows.setdefault((row.prefix, row.command), row)
            if taken is not row:
                raise CommandDeclaredTwice(
                    f"'{row.prefix}{row.command}' is declared by {taken.module} and {row.module}"
                    ": one of them has to take another word"
                )
    return list(rows.values())


def _typed(module: Mapping[str, Any]) -> Iterator[CommandRow]:
    for command in module["commands"]:
        arguments = command["usage"].removeprefix(command["path"])
        for path in (command["path"], *command["also"]):
            yield CommandRow(
                **_shared(module),
                command=path,
                prefix=module["prefix"],
                canonical=command["path"],
                description=command["summary"],
                usage=f"{path}{arguments}",
                example=command["example"],
                role=command["role"],
                rate_limit=command["per_minute"],
                cooldown_seconds=command["cooldown_seconds"],
                private=command["private"],
                secret=command["secret"],
                trigger_type="command",
                event_types=arguments_as_events(command.get("completes", ())),
            )


def _heard(module: Mapping[str, Any]) -> Iterator[CommandRow]:
    for event_type in module["listens"]:
        name = f"{module['name']}:on:{event_type}"
        yield CommandRow(
            **_shared(module),
            command=name,
            prefix="",
            canonical=name,
            description=module["summary"],
            usage="",
            example="",
            role=Role.USER.value,
            rate_limit=0,
            cooldown_seconds=0,
            private=False,
            secret=False,
            trigger_type="event",
            event_types=[event_type],
        )


def _shared(module: Mapping[str, Any]) -> dict[str, Any]:
    name = module["name"]
    return {
        "module": name,
        "module_summary": module["summary"],
        "location_url": f"builtin:{name}" if module["builtin"] else name,
        "location": "community" if module["community"] else "internal",
        "type": "container" if module["builtin"] else "lambda",
        "timeout": float(module["timeout_seconds"]),
        "turn": Turn.ACT.value,
        "priority": module["priority"],
        "execution_mode": module["execution_mode"],
        "may": module["may"],
    }
