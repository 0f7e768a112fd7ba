"""A slash command as the line that people would have typed in chat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from waddlebot.platforms.discord.people import name_of
from waddlebot.platforms.fields import (
    dig,
    number_at,
    object_at,
    objects_at,
    plain,
    text_at,
)

OURS = "waddlebot"
"""`/waddlebot` takes any command as its text; its name is no part of the line."""
_SUB_COMMAND, _SUB_COMMAND_GROUP, _USER = 1, 2, 6
_DEEPEST = 3


class TypedSlash(msgspec.Struct, frozen=True, kw_only=True):
    """`path` is the command with its sub-commands, `arguments` what was given by name."""

    path: str
    arguments: Mapping[str, Any]
    line: str


def read_typed(data: dict[str, Any]) -> TypedSlash:
    """`data` of an interaction: arguments keep the order in which Discord sends them."""
    path, options = _innermost(data)
    words = path[1:] if path[:1] == [OURS] else path
    spoken = [_spoken(option, data) for option in options]
    spoken = [*map(_as_one_word, spoken[:-1]), *spoken[-1:]]
    return TypedSlash(
        path=" ".join(path),
        arguments={text_at(option, "name"): plain(dig(option, "value")) for option in options},
        line=" ".join(word for word in (*words, *spoken) if word),
    )


def _as_one_word(value: str) -> str:
    """As people type it in chat, where quotes hold words together."""
    if not any(map(str.isspace, value)):
        return value
    return f"“{value}”" if '"' in value else f'"{value}"'


def focused(data: dict[str, Any]) -> dict[str, Any]:
    """The option that somebody is typing in; empty where none is.

    `data` is that of an autocomplete; `{}` where no option has the cursor.
    """
    _, options = _innermost(data)
    return next((option for option in options if dig(option, "focused") is True), {})


def _innermost(data: dict[str, Any]) -> tuple[list[str], list[dict[str, Any]]]:
    path = [text_at(data, "name")]
    options = objects_at(data, "options")
    for nested in _nested(options):
        path.append(text_at(nested, "name"))
        options = objects_at(nested, "options")
    return path, options


def _nested(options: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for _ in range(_DEEPEST):
        first = options[0] if options else {}
        # Some libraries' samples write the type as text.
        if number_at(first, "type") not in {_SUB_COMMAND, _SUB_COMMAND_GROUP}:
            return
        yield first
        options = objects_at(first, "options")


def _spoken(option: dict[str, Any], data: dict[str, Any]) -> str:
    value = plain(dig(option, "value"))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if number_at(option, "type") == _USER and isinstance(value, str):
        user = object_at(data, "resolved", "users", value)
        return f"@{name_of(user)}" if name_of(user) else f"<@{value}>"
    return str(value) if isinstance(value, str | int | float) else ""
