"""YAGPDB: custom commands as its table `custom_commands` has them, a list or under that name.

Source: https://github.com/botlabs-gg/yagpdb (customcommands) and its documents: `text_trigger`,
`trigger_type` (0 command, 1 starts with, 2 contains, 3 regex, 4 exact match, 5 interval,
9 cron, and others), `responses`, `disabled`. What stands in `{{ }}` is Go's templates: a program.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from functions.communities.importers.found import (
    Found,
    FoundCommand,
    FoundOther,
    in_our_words,
    name_of,
    narrowed,
    rows_in,
)
from waddlebot_sdk.roles import Role

_COMMAND = 0
_TIMES = (5, 9)
_LIMITS = ("roles", "roles_whitelist_mode", "channels", "channels_whitelist_mode", "group_id")
_TEMPLATE = re.compile(r"\{\{\s*(?P<name>[^{}]{0,100}?)\s*\}\}")
_OURS = {".User.Username": "$(user)", ".User.Mention": "$(user)"}


def read(document: Any) -> Iterator[Found]:
    rows = document.get("custom_commands") if isinstance(document, Mapping) else document
    for row in rows_in(rows, "commands"):
        yield _found(row) if isinstance(row, Mapping) else row


def _found(row: Mapping[str, Any]) -> Found:
    kind = row.get("trigger_type", _COMMAND)
    name = name_of(row, "text_trigger")
    if kind in _TIMES:
        return FoundOther(kind="timer", name=name, why="There are no timers here yet.")
    if kind != _COMMAND:
        why = "It answered to words in a line, a press or a reaction: make a rule for it."
        return FoundOther(kind="trigger", name=name, why=why)
    return _command(row, name)


def _command(row: Mapping[str, Any], name: str) -> FoundCommand:
    given = row.get("responses")
    rows = given if isinstance(given, list) else []
    responses = [one.strip() for one in rows if isinstance(one, str)]
    spoken = in_our_words("".join(responses[:1]), _TEMPLATE, lambda found: _OURS.get(found["name"]))
    more = len(responses) > 1
    is_limited = any(row.get(one) for one in _LIMITS)
    role, notes = narrowed("some roles, channels or a group") if is_limited else (Role.USER, ())
    return FoundCommand(
        name=name,
        text=spoken.text,
        role=role,
        enabled=row.get("disabled") is not True,
        foreign="it is a program between {{ and }}" if "{{" in spoken.text else "",
        notes=(*notes, *(("It had several answers: here it says the first.",) if more else ())),
    )
