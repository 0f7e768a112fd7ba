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
from waddlebot_sdk.grammar import one_word

OURS = "waddlebot"
"""`/waddlebot` takes any command as its text; its name is no part of the line."""
LINE = "command"
"""The option of `/waddlebot` that takes the line."""
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
    spoken = [*map(one_word, spoken[:-1]), *spoken[-1:]]
    return TypedSlash(
        path=" ".join(path),
        arguments={text_at(option, "name"): plain(dig(option, "value")) for option in options},
        line=" ".join(word for word in (*words, *spoken) if word),
    )


class TypedSoFar(msgspec.Struct, frozen=True, kw_only=True):
    """`path` is the command, empty where a whole line is typed; `argument` has the cursor.

    `given` is what the other options hold, as far as they are text.
    """

    path: str
    argument: str
    typed: str
    given: Mapping[str, str]


def read_typed_so_far(data: dict[str, Any]) -> TypedSoFar | None:
    """`data` of an autocomplete; None where no option has the cursor."""
    path, options = _innermost(data)
    at = next((option for option in options if dig(option, "focused") is True), None)
    if at is None:
        return None
    texts = {text_at(one, "name"): text_at(one, "value") for one in options if one is not at}
    return TypedSoFar(
        path="" if path == [OURS] else " ".join(path),
        argument=text_at(at, "name"),
        typed=text_at(at, "value"),
        given={name: value for name, value in texts.items() if name and value},
    )


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
