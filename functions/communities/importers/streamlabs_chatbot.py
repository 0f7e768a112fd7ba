"""Streamlabs Chatbot: what "Export Group" (`.abcomg`) or "Export Command" (`.abcom`) writes, a list
of commands or one.

Source: https://github.com/IAmTomahawkx/Streamlabs-Chatbot-doc (commands, parameters, permission
levels): `Command`, `Permission`, `Response`, `Cooldown` and `UserCooldown` in minutes, `Usage`
where it answers. What it says has parameters, as `$username` and `$randnum(1,6)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from functions.communities.importers.found import (
    Found,
    FoundCommand,
    InOurWords,
    in_our_words,
    level_of,
    name_of,
    narrowed,
    number_of,
    rows_in,
    text_of,
)
from waddlebot_sdk.roles import Role

_ROLES = {
    "everyone": Role.USER,
    "moderator": Role.MODERATOR,
    "editor": Role.ADMIN,
    "caster": Role.OWNER,
}
_PARAMETER = re.compile(r"\$(?P<name>[a-z]+)(?P<place>[1-9]?)(?:\((?P<given>[^()$]{0,200})\))?")
_OURS = {
    **dict.fromkeys(("username", "user"), "$(user)"),
    "userid": "$(user.name)",
    **dict.fromkeys(("touserid", "tousername", "targetid", "targetname"), "$(touser)"),
    **dict.fromkeys(("msg", "dummyormsg"), "$(query)"),
    "count": "$(count)",
    "mychannel": "$(channel)",
    "mygame": "$(game)",
    "mytitle": "$(title)",
    "uptime": "$(uptime)",
    "points": "$(points)",
    "currencyname": "$(pointsname)",
    "randquote": "$(quote)",
    "dummy": "",
}
_PLACES = frozenset({"arg", "argl"})
_RANGE = re.compile(r"\s*(\d{1,9})\s*,\s*(\d{1,9})\s*")
_GAME = "[game]"
_OF_CHAT = frozenset({"SC", "SB", "CB", "A", ""})
_A_MINUTE = 60


def read(document: Any) -> Iterator[Found]:
    is_one = isinstance(document, Mapping) and "Command" in document
    for row in rows_in([document] if is_one else document, "commands"):
        yield _command(row) if isinstance(row, Mapping) else row


def _command(row: Mapping[str, Any]) -> FoundCommand:
    level = level_of(row, "Permission", usual="Everyone")
    known = _ROLES.get(level.lower())
    role, notes = (known, ()) if known is not None else narrowed(level)
    spoken = in_our_words(text_of(row, "Response"), _PARAMETER, _ours)
    return FoundCommand(
        name=name_of(row, "Command"),
        text=spoken.text,
        role=role,
        cooldown_seconds=number_of(row.get("Cooldown")) * _A_MINUTE,
        person_cooldown_seconds=number_of(row.get("UserCooldown")) * _A_MINUTE,
        enabled=row.get("Enabled") is not False,
        counted=number_of(row.get("Count")),
        foreign=spoken.foreign("parameters of Streamlabs Chatbot"),
        notes=(*notes, *_notes(row, spoken)),
    )


def _ours(found: re.Match[str]) -> str | None:
    name, place, given = found["name"], found["place"], found["given"]
    if given is not None:
        return _with_given(name, given) if not place else None
    if place:
        return f"$({place})" if name in _PLACES else None
    return _OURS.get(name)


def _with_given(name: str, given: str) -> str | None:
    if name == "randnum" and (most := _RANGE.fullmatch(given)):
        return f"$(random {most[1]}-{most[2]})"
    if name == "readapi":
        return f"$(urlfetch {given})"
    if name == "checkcount":
        return f"$(getcount {given.strip().removeprefix('!')})"
    return None


def _notes(row: Mapping[str, Any], spoken: InOurWords) -> Iterator[str]:
    if number_of(row.get("Cost")):
        yield "It cost points: here it costs none."
    if text_of(row, "SoundFile"):
        yield "It played a sound: here it only speaks."
    if text_of(row, "Usage") not in _OF_CHAT:
        yield "It answered elsewhere than in a stream's chat: here it answers where it is typed."
    if text_of(row, "Group").lower().startswith(_GAME):
        yield "It answered in one game alone: here it answers in each."
    if {*_PLACES, "dummy"} & spoken.names:
        yield "It was silent where nothing stood behind it: here it speaks."
