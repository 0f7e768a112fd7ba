"""PhantomBot: rows of its tables, as `GET /dbquery?getAllRows&table=command` answers them, one such
answer or a list of several; or as its panel is sent them, `[{"table", "key", "value"}]`.

Source: https://github.com/PhantomBot/PhantomBot (HTTPAuthenticatedHandler, WsPanelHandler,
customCommands, commandCoolDown, permissions) and its page "Command Variables". A command's text
stands in `command`; what else is known of it in tables of their own, under its name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from functions.communities.importers.found import (
    Found,
    FoundCommand,
    FoundOther,
    InOurWords,
    NotReadable,
    Plain,
    in_our_words,
    narrowed,
    number_of,
    rows_in,
    text_of,
    unreadable,
)
from functions.communities.importers.phantombot_tags import TAGS
from waddlebot.domain.custom_whens import ALWAYS, When
from waddlebot.domain.own_names import fold_name
from waddlebot_sdk.own_words import say_command
from waddlebot_sdk.roles import Role

_ROLES = {"0": Role.OWNER, "1": Role.ADMIN, "2": Role.MODERATOR, "7": Role.USER}
_GROUPS = {"3": "subscribers", "4": "donators", "5": "VIPs", "6": "regulars"}
_TAG = re.compile(
    r"\\(?P<escaped>[()])"
    r"|\((?P<name>[^\\\s|!=()>]{1,40})(?P<mark>>?!?[\s!=|>])?(?P<given>(?:\\.|[^()\\]){0,300})\)"
    r"|\((?P<begun>[^\\\s|!=()>]{1,40})[\s!=|>]"
)
"""One that is begun has others in it."""
_OURS = {
    **dict.fromkeys(("sender", "@sender", "baresender"), "$(user)"),
    "touser": "$(touser)",
    "pointtouser": "$(touser) ->",
    "echo": "$(query)",
    "count": "$(count)",
    "#": "$(random 1-100)",
    "channelname": "$(channel)",
    "game": "$(game)",
    "status": "$(title)",
    "uptime": "$(uptime)",
    "followage": "$(followage)",
    "points": "$(points)",
    "pointname": "$(pointsname)",
}
_UNSAID = {
    "adminonlyedit": "Admins alone could change it: here moderators can.",
    "gameonly": "It answered in some games alone: here it answers in each.",
    "requireargs": "It was silent where nothing stood behind it: here it speaks.",
}
"""Tags that say nothing, and what is told of each."""
_LIVE = {"onlineonly": True, "offlineonly": False}
_RANGE = re.compile(r"\s*(-?\d{1,9})\s*,\s*(-?\d{1,9})\s*")
_PLACE = re.compile(r"[1-9]\d?")
_COUNTS = re.compile(r"(-?\d{1,4})(?:\s+([^\W_]\w{0,49}))?")
_WORDS = re.compile(r"[^$(){}\\]*")
_NUMBER = re.compile(r"-?\d{1,12}")
_COMMAND, _ALIASES = "command", "aliases"
_OF_COMMANDS = (
    *("permcom", "pricecom", "paycom", "cooldown", "disabledCommands", "commandCount"),
    "hiddenCommands",
)
_OTHERS = {
    "keywords": ("keyword", "It answered to words in a line: make a rule for it."),
    "notices": ("timer", "There are no timers here yet. Keep the file."),
    "quotes": ("quote", "The text has no place for quotes: add it by hand."),
}


@dataclass(slots=True)
class _TablesOfBot:
    """`commands` as they come, all others by table and key; `unread` is what cannot be read."""

    commands: list[tuple[str, str]] = field(default_factory=list)
    tables: dict[str, dict[str, str]] = field(default_factory=dict)
    unread: list[FoundOther] = field(default_factory=list)

    def of(self, table: str) -> Mapping[str, str]:
        return self.tables.get(table, {})

    def add(self, table: str, row: Found | Mapping[str, Any], place: str) -> None:
        if isinstance(row, FoundOther):
            self.unread.append(row)
        elif not isinstance(row, Mapping) or not isinstance(row.get("key"), str):
            self.unread.append(unreadable(place))
        elif table == _COMMAND:
            self.commands.append((_named(row["key"]), text_of(row, "value")))
        else:
            self.tables.setdefault(table, {})[_named(row["key"])] = text_of(row, "value")


def read(document: Any) -> Iterator[Found]:
    rows = _rows(document)
    names = {name for name, _ in rows.commands}
    aliases: dict[str, list[str]] = {}
    for alias, target in rows.of(_ALIASES).items():
        aliases.setdefault(_named(target), []).append(alias)
    for name, text in rows.commands:
        yield _command(name, text, rows, tuple(aliases.pop(name, ())))
    yield from rows.unread
    for target, given in aliases.items():
        how = say_command(f"alias add <name> {target[:50]}")
        why = f"It stands for a command that is not in this file. Make it by hand: {how}"
        yield from (FoundOther(kind="alias", name=one, why=why) for one in given)
    yield from _others(rows, names)


def _rows(document: Any) -> _TablesOfBot:
    """Raises NotReadable."""
    rows = _TablesOfBot()
    for number, part in enumerate(document if isinstance(document, list) else [document], start=1):
        told = part.get("table") if isinstance(part, Mapping) else None
        if isinstance(told, Mapping):
            table = text_of(told, "table_name")
            for row in rows_in(told.get("results"), table or "rows"):
                rows.add(table, row, table)
        elif isinstance(told, str) or isinstance(document, list):
            rows.add(str(told), part, f"row {number}")
        elif isinstance(part, Mapping) and isinstance(part.get("results"), list):
            return _rows(part["results"])
        else:
            raise NotReadable("there are no rows of a table in it")
    return rows


def _command(name: str, text: str, rows: _TablesOfBot, aliases: tuple[str, ...]) -> FoundCommand:
    group = rows.of("permcom").get(name, "7")
    known = _ROLES.get(group)
    level = _GROUPS.get(group, f"group {group}")
    role, notes = (known, ()) if known is not None else narrowed(level)
    spoken = in_our_words(text, _TAG, _ours)
    rests = _rests(rows.of("cooldown").get(name, ""))
    return FoundCommand(
        name=name,
        text=spoken.text.strip(),
        role=role,
        cooldown_seconds=number_of(rests.get("globalSec")),
        person_cooldown_seconds=number_of(rests.get("userSec")),
        when=_when(spoken),
        enabled=name not in rows.of("disabledCommands"),
        aliases=aliases,
        counted=_number(rows.of("commandCount").get(name, "")),
        foreign=spoken.foreign("tags of PhantomBot"),
        notes=(*notes, *_notes(name, rows, spoken)),
    )


def _rests(told: str) -> Mapping[str, Any]:
    """`{"globalSec": 5, "userSec": -1, …}`, where -1 is none."""
    try:
        found = json.loads(told)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, Mapping) else {}


def _when(spoken: InOurWords) -> When:
    """With both it answered never: it is then as if there were none."""
    live = {_LIVE[one] for one in _LIVE.keys() & spoken.names}
    return When(live=live.pop()) if len(live) == 1 else ALWAYS


def _notes(name: str, rows: _TablesOfBot, spoken: InOurWords) -> Iterator[str]:
    if _number(rows.of("pricecom").get(name, "")):
        yield "It cost points: here it costs none."
    if _number(rows.of("paycom").get(name, "")):
        yield "It gave points: here it gives none."
    yield from (why for tag, why in _UNSAID.items() if tag in spoken.names)


def _ours(found: re.Match[str]) -> str | None:
    if found["escaped"]:
        return Plain(found["escaped"])
    name = (found["name"] or found["begun"]).lower()
    if _PLACE.fullmatch(name) and not found["begun"]:
        return _at_place(name, found["mark"] or "", found["given"])
    if name not in TAGS:
        return Plain(found[0])
    if found["begun"]:
        return None
    if name in _UNSAID or name in _LIVE:
        return ""
    given = found["given"].strip()
    if name == "#" and (most := _RANGE.fullmatch(given)):
        return f"$(random {most[1]}-{most[2]})"
    if name == "count" and (counts := _COUNTS.fullmatch(given)):
        return _counted(int(counts[1]), counts[2])
    return None if given else _OURS.get(name)


def _counted(by: int, named: str | None) -> str:
    """`(count 1 deaths)` counts by so much; by 0 it says what it has come to."""
    of = f" {named}" if named else ""
    return f"$(count{of} {by:+})" if by else f"$(getcount{of})"


def _at_place(place: str, mark: str, given: str) -> str | None:
    """`(2>)` is all from the second word on, `(1|friend)` has what is said where there is none."""
    onwards = ":" if ">" in mark else ""
    if mark.endswith("="):
        return f"$({place}{onwards}|$(user))" if given == "sender" else None
    if mark.endswith("|"):
        return f"$({place}{onwards}|{given})" if _WORDS.fullmatch(given) else None
    return None if given else f"$({place}{onwards})"


def _others(rows: _TablesOfBot, names: set[str]) -> Iterator[FoundOther]:
    for table, told in rows.tables.items():
        if table in _OTHERS:
            kind, why = _OTHERS[table]
            yield from (FoundOther(kind=kind, name=one, why=why) for one in told)
        elif table in _OF_COMMANDS:
            if more := len(told.keys() - names):
                why = f"It has {more} rows of commands that are not in this file."
                yield FoundOther(kind="table", name=table, why=why)
        elif table != _ALIASES:
            why = f"Its {len(told)} rows are nothing that a text has: none is taken."
            yield FoundOther(kind="table", name=table, why=why)


def _named(key: str) -> str:
    return fold_name(key.strip().removeprefix("!"))


def _number(text: str) -> int:
    return int(text) if _NUMBER.fullmatch(text) else 0
