"""StreamElements: what `GET /kappa/v2/bot/commands/{channel}` answers, a list.

Source: https://dev.streamelements.com (bot, commands). Levels: 100 everyone, 250 subscribers,
300 regulars, 400 VIPs, 500 moderators, 1000 super moderators, 1500 the broadcaster. `enabledOnline`
and `enabledOffline` are its switches of both. Variables are those that texts here have.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from functions.communities.importers.found import (
    Found,
    FoundCommand,
    level_of,
    name_of,
    names_in,
    narrowed,
    number_of,
    rows_in,
    text_of,
)
from waddlebot.domain.custom_whens import ALWAYS, When
from waddlebot_sdk.roles import Role

_ROLES = {100: Role.USER, 500: Role.MODERATOR, 1000: Role.ADMIN, 1500: Role.OWNER}


def read(document: Any) -> Iterator[Found]:
    for row in rows_in(document, "commands"):
        yield _command(row) if isinstance(row, Mapping) else row


def _command(row: Mapping[str, Any]) -> FoundCommand:
    typed = level_of(row, "accessLevel", usual="100")
    level = 100 if typed == "100" else number_of(row["accessLevel"])
    role, notes = (_ROLES[level], ()) if level in _ROLES else narrowed(f"level {typed}")
    rest = row.get("cooldown")
    rests = rest if isinstance(rest, Mapping) else {}
    return FoundCommand(
        name=name_of(row, "command"),
        text=text_of(row, "reply"),
        role=role,
        cooldown_seconds=number_of(rests.get("global")),
        person_cooldown_seconds=number_of(rests.get("user")),
        when=_when(row),
        enabled=row.get("enabled") is not False and any(_is_on(row)),
        aliases=names_in(row.get("aliases")),
        counted=number_of(row.get("count")),
        notes=(*notes, *_notes(row)),
    )


def _when(row: Mapping[str, Any]) -> When:
    """Switched off for one of both, it is for the other alone."""
    live, offline = _is_on(row)
    return When(live=live) if live != offline else ALWAYS


def _is_on(row: Mapping[str, Any]) -> tuple[bool, bool]:
    """While live, and while offline."""
    return row.get("enabledOnline") is not False, row.get("enabledOffline") is not False


def _notes(row: Mapping[str, Any]) -> Iterator[str]:
    if number_of(row.get("cost")):
        yield "It cost points: here it costs none."
    if row.get("keywords") or text_of(row, "regex"):
        yield "It answered to words in a line: make a rule for these."
    if text_of(row, "type") == "whisper":
        yield "It whispered: here it answers in chat."
