"""Firebot: `commands.json` of a profile (by id, below `customCommands`), or a setup file
(`components.commands`).

Source: https://github.com/crowbartools/Firebot, its types of commands and effects: `trigger`,
`active`, `cooldown` in seconds, `aliases`, `effects.list`, where a line of chat is
`firebot:chat` with `message`. Variables are `$user`, `$arg[1]` and the like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from functions.communities.importers.found import (
    Found,
    FoundCommand,
    FoundOther,
    NotReadable,
    in_our_words,
    name_of,
    names_in,
    narrowed,
    number_of,
    rows_in,
    text_of,
)
from waddlebot_sdk.roles import Role

_VARIABLE = re.compile(r"\$(?P<name>[a-zA-Z]+)(?:\[(?P<given>[^\[\]]{0,50})\])?")
_OURS = {"user": "$(user)", "target": "$(touser)", "username": "$(user)", "count": "$(count)"}
_RANGE = re.compile(r"\s*(\d{1,9})\s*,\s*(\d{1,9})\s*")


def read(document: Any) -> Iterator[Found]:
    if not isinstance(document, Mapping):
        raise NotReadable("there are no commands in it")
    parts = document.get("components")
    if not isinstance(parts, Mapping):
        yield from _of_profile(document)
        return
    yield from _commands(parts.get("commands", []))
    for kind in parts:
        if kind != "commands" and parts[kind]:
            why = "Only commands are read of a setup file: make these by hand."
            yield FoundOther(kind="part", name=str(kind), why=why)


def _of_profile(document: Mapping[str, Any]) -> Iterator[Found]:
    own = document.get("customCommands", document)
    yield from _commands(list(own.values()) if isinstance(own, Mapping) else own)
    changed = "systemCommandOverrides"
    if own is not document and document.get(changed):
        why = "How Firebot's own commands were changed: those of the house are changed by hand."
        yield FoundOther(kind="part", name=changed, why=why)


def _commands(rows: Any) -> Iterator[Found]:
    for row in rows_in(rows, "commands"):
        yield _command(row) if isinstance(row, Mapping) else row


def _command(row: Mapping[str, Any]) -> FoundCommand:
    chats, others = _effects(row)
    spoken = in_our_words(" ".join(chats), _VARIABLE, _ours)
    role, notes = narrowed("some people only") if _is_limited(row) else (Role.USER, ())
    held = row.get("cooldown")
    rests = held if isinstance(held, Mapping) else {}
    return FoundCommand(
        name=name_of(row, "trigger"),
        text=spoken.text,
        role=role,
        cooldown_seconds=number_of(rests.get("global")),
        person_cooldown_seconds=number_of(rests.get("user")),
        enabled=row.get("active") is not False,
        aliases=names_in(row.get("aliases")),
        counted=number_of(row.get("count")),
        foreign=spoken.foreign("variables of Firebot"),
        notes=(*notes, *_notes(row, others)),
    )


def _is_limited(row: Mapping[str, Any]) -> bool:
    """Its editor writes an empty list into each command that was opened there."""
    held = row.get("restrictionData")
    limits = held.get("restrictions") if isinstance(held, Mapping) else held
    return bool(limits or row.get("permission"))


def _notes(row: Mapping[str, Any], others: Sequence[str]) -> Iterator[str]:
    if others:
        yield f"It also did {', '.join(others)[:80]}: here it only speaks."
    if row.get("subCommands"):
        yield "It had commands below it: make these by hand."
    if row.get("scanWholeMessage"):
        yield "It answered to words in a line: make a rule for these."


def _effects(row: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """What it says, and the kinds of what else it does; each may be switched off by itself."""
    held = row.get("effects")
    rows = held.get("list") if isinstance(held, Mapping) else None
    tables = [one for one in rows if isinstance(one, Mapping)] if isinstance(rows, list) else []
    effects = [one for one in tables if one.get("active") is not False]
    chats = [text_of(one, "message") for one in effects if one.get("type") == "firebot:chat"]
    others = [text_of(one, "type") for one in effects if one.get("type") != "firebot:chat"]
    return chats, others


def _ours(found: re.Match[str]) -> str | None:
    name, given = found["name"], found["given"] or ""
    return _OURS.get(name) or _with_given(name, given) or None


def _with_given(name: str, given: str) -> str:
    if name == "arg":
        return "$(query)" if given == "all" else f"$({given})" * given.isdigit()
    found = _RANGE.fullmatch(given)
    return f"$(random {found[1]}-{found[2]})" if name == "randomNumber" and found else ""
