"""Nightbot: what `GET /1/commands` answers, `{"commands": [...]}`.

Source: https://api-docs.nightbot.tv/#custom-commands (the custom command resource). Variables are
those that texts here have.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from functions.communities.importers.found import (
    Found,
    FoundCommand,
    FoundOther,
    NotReadable,
    level_of,
    name_of,
    narrowed,
    number_of,
    rows_in,
    text_of,
)
from waddlebot_sdk.own_words import say_command
from waddlebot_sdk.roles import Role

_ROLES = {"everyone": Role.USER, "moderator": Role.MODERATOR, "owner": Role.OWNER}


def read(document: Any) -> Iterator[Found]:
    if not isinstance(document, Mapping):
        raise NotReadable("there is no list of commands in it")
    for row in rows_in(document.get("commands"), "commands"):
        yield _command(row) if isinstance(row, Mapping) else row
    for row in rows_in(document.get("timers", []), "timers"):
        yield _timer(row) if isinstance(row, Mapping) else row


def _command(row: Mapping[str, Any]) -> FoundCommand:
    level = level_of(row, "userLevel", usual="everyone")
    role, notes = (_ROLES[level], ()) if level in _ROLES else narrowed(level)
    alias = text_of(row, "alias")
    return FoundCommand(
        name=name_of(row, "name"),
        text=text_of(row, "message"),
        role=role,
        cooldown_seconds=number_of(row.get("coolDown")),
        counted=number_of(row.get("count")),
        foreign=f"it runs {alias[:50]}: say it with {say_command('alias')}" if alias else "",
        notes=notes,
    )


def _timer(row: Mapping[str, Any]) -> FoundOther:
    return FoundOther(
        kind="timer", name=text_of(row, "name"), why="There are no timers here yet. Keep the file."
    )
