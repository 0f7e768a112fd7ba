"""The command table as Discord's slash commands: one a module, and `/waddlebot` for all.

Sources: "Application Commands" (names, limits, sub-commands and groups).

`wanted` and `found` are such command objects: as declared, and as Discord has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from waddlebot.platforms.discord.slash_commands import LINE, OURS

CHAT_INPUT = 1
SUB_COMMAND, SUB_COMMAND_GROUP, STRING = 1, 2, 3
MOST_OPTIONS = 25
MOST_COMMANDS = 100
MOST_CHARACTERS = 100
_DEEPEST = 3
_NAME = re.compile(r"[-_\w]{1,32}")

Wire = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A way to type a command: `path` `memories add quote`, `usage` the same with arguments.

    `stranger`: of a community function. `completes` are the arguments that complete themselves.
    """

    module: str
    path: str
    usage: str
    summary: str
    stranger: bool = False
    completes: frozenset[str] = frozenset()

    @property
    def words(self) -> list[str]:
        return self.path.split()


def slash_commands(offered: Iterable[Offered]) -> list[Wire]:
    """The list to register, the same for the same table; `/waddlebot` first, strangers' last.

    A name is there once, as Discord takes the list whole or not at all: what is a command of the
    house is no stranger's, and no number of theirs pushes ours out.
    """
    modules: dict[str, list[Offered]] = {}
    for one in sorted(offered, key=lambda one: (one.stranger, one.path)):
        if len(one.words) <= _DEEPEST and all(map(_NAME.fullmatch, one.words)):
            modules.setdefault(one.module, []).append(one)
    found: dict[str, Wire] = {OURS: _ours()}
    for stranger in (False, True):
        ways = [those for those in modules.values() if those[0].stranger is stranger]
        for name, below in sorted(_by_root(ways).items()):
            found.setdefault(name.lower(), _root(name, below))
    return list(found.values())[:MOST_COMMANDS]


def is_registered(wanted: Any, found: Any) -> bool:
    """Whether what Discord has says all that is wanted; it adds fields of its own."""
    if isinstance(wanted, Mapping):
        return isinstance(found, Mapping) and all(
            is_registered(value, found.get(name)) for name, value in wanted.items()
        )
    if isinstance(wanted, Sequence) and not isinstance(wanted, str):
        those = list(found or ())
        return len(those) == len(wanted) and all(map(is_registered, wanted, those))
    return bool(wanted == found or (not wanted and not found))


def is_all_registered(wanted: Sequence[Wire], found: Sequence[Wire]) -> bool:
    """In any order of the commands."""
    by_name = {one.get("name"): one for one in found}
    return len(found) == len(wanted) and all(
        is_registered(one, by_name.get(one["name"])) for one in wanted
    )


def _ours() -> Wire:
    typed = _option(
        LINE, "What you would type in chat, for example: quote 3", needed=True, completes=True
    )
    return _command(OURS, "Ask WaddleBot anything that you could type in chat.", [typed])


def _by_root(modules: Iterable[Sequence[Offered]]) -> dict[str, list[Offered]]:
    """A module's own name with all below it; else each first word that it has.

    Of two modules with one first word, what is below it stands there together.
    """
    roots: dict[str, list[Offered]] = {}
    for ways in modules:
        own = [one for one in ways if one.words[0] == one.module]
        for one in own or ways:
            roots.setdefault(one.words[0], []).append(one)
    return roots


def _root(name: str, ways: Sequence[Offered]) -> Wire:
    """A command that has others below it cannot be called by its bare name on Discord."""
    below = [one for one in ways if len(one.words) > 1]
    if not below:
        [alone] = ways
        return _command(name, alone.summary, _arguments(alone))
    groups: dict[str, list[Offered]] = {}
    for one in below:
        groups.setdefault(one.words[1], []).append(one)
    options = [_group(word, those) for word, those in groups.items()][:MOST_OPTIONS]
    return _command(name, f"{name.capitalize()}: {', '.join(groups)}", options)


def _group(name: str, ways: Sequence[Offered]) -> Wire:
    deeper = [one for one in ways if len(one.words) == _DEEPEST]
    if not deeper:
        [alone] = ways
        return _sub_command(name, alone)
    subs = [_sub_command(one.words[2], one) for one in deeper][:MOST_OPTIONS]
    words = ", ".join(str(sub["name"]) for sub in subs)
    described = _cut(f"{name.capitalize()}: {words}")
    return {
        "type": SUB_COMMAND_GROUP,
        "name": name.lower(),
        "description": described,
        "options": subs,
    }


def _sub_command(name: str, offered: Offered) -> Wire:
    return {
        "type": SUB_COMMAND,
        "name": name.lower(),
        "description": _cut(offered.summary),
        "options": _arguments(offered),
    }


def _command(name: str, description: str, options: Sequence[Wire]) -> Wire:
    return {
        "type": CHAT_INPUT,
        "name": name.lower(),
        "description": _cut(description),
        "options": list(options),
    }


def _arguments(offered: Offered) -> list[Wire]:
    """`<words>` is needed, `[kind]` is not; those that are come first, as Discord wants it."""
    words = [word for word in offered.usage.split() if word[0] in "<["]
    options = [
        _option(name, name, needed=word[0] == "<", completes=name in offered.completes)
        for word in words
        for name in (word[1:-1],)
    ]
    return sorted(options, key=lambda option: not option["required"])[:MOST_OPTIONS]


def _option(name: str, description: str, *, needed: bool, completes: bool = False) -> Wire:
    return {
        "type": STRING,
        "name": re.sub(r"[^-_\w]", "_", name.lower())[:32],
        "description": _cut(description.replace("-", " ").capitalize()),
        "required": needed,
        **({"autocomplete": True} if completes else {}),
    }


def _cut(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 1]}…"
