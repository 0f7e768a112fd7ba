"""What is typed to make custom commands and to change them, and what undoes it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from typing import Any

from waddlebot.domain.custom_commands import CustomCommand
from waddlebot.domain.custom_whens import ALWAYS, When, typed_when
from waddlebot.domain.entities import CommunityId
from waddlebot.stores.own_counters import OF_CUSTOM, count_by
from waddlebot.stores.versions import Edit
from waddlebot_sdk import NotUnderstood, Role, say_command
from waddlebot_sdk.grammar import without_quotes
from waddlebot_sdk.times import read_length

EXAMPLE = f"{say_command('custom add hello')} Hi $(user)!"
OPTIONS = "There are -cd=30, -ucd=30, -ul=moderator, -when=twitch, -cat=fun, -off and -on."
EACH = "each"
MOST_SHOWN = 80
NO_CATEGORY = "none"
_SWITCHES = {"-on": True, "-off": False}
NO_COOLDOWN = frozenset({"none", "off", "no", "0"})
_QUOTES = '"“”„‟«»'
"""As keyboards and phones write them."""
_GIVEN = rf"(?:[{_QUOTES}][^{_QUOTES}]*[{_QUOTES}]|[^\s{_QUOTES}])+"
_OPTION = rf"-{_GIVEN}"
_DEFINITION = re.compile(
    rf"(?P<options>(?:{_OPTION}\s+)*)(?P<name>\S+)"
    rf"(?P<behind>(?:\s+-(?:cd|ucd|ul|when|cat|a|c)={_GIVEN})*)(?:\s+(?P<text>.+))?",
    re.DOTALL | re.IGNORECASE,
)
"""Options stand before the name or right behind it: no text begins with one."""
_UNQUOTED = str.maketrans("", "", _QUOTES)
_ROLES = {role.value: role for role in Role} | {f"{role.value}s": role for role in Role}
_ROLES |= {"everyone": Role.USER, "everybody": Role.USER, "mod": Role.MODERATOR}
_ROLES |= {"mods": Role.MODERATOR, "broadcaster": Role.OWNER}


@dataclass(slots=True)
class Counting:
    """Counts once a call, however often a counter stands in its text."""

    edit: Edit | None
    community: CommunityId
    counted: dict[str, int] = field(default_factory=dict)
    added: set[str] = field(default_factory=set)

    def __call__(self, counter: str, by: int) -> int:
        if self.edit is None:  # nothing counts in this text
            return 0
        is_more = bool(by) and counter not in self.added
        if is_more or counter not in self.counted:
            more = by if is_more else 0
            self.counted[counter] = count_by(
                self.edit.connection, OF_CUSTOM, self.community, counter, more
            )
        if is_more:
            self.added.add(counter)
        return self.counted[counter]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was typed of a custom command; the rest stays as it is."""

    name: str
    text: str | None = None
    role: Role | None = None
    cooldown_seconds: int | None = None
    person_cooldown_seconds: int | None = None
    when: When | None = None
    category: str | None = None
    enabled: bool | None = None

    @property
    def changes(self) -> dict[str, Any]:
        """What was typed, by its name."""
        told = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "name"}
        return {name: value for name, value in told.items() if value is not None}

    def made_of(self, usual: CustomCommand) -> CustomCommand:
        return replace(usual, **self.changes)


def read_wanted(typed: str, bare: Callable[[str], str], read_when: Callable[[str], When]) -> Wanted:
    """`-cd=30 -ul=mod hello Hi!`, as people of other bots write it. Raises NotUnderstood."""
    found = _DEFINITION.fullmatch(typed.strip())
    if found is None:
        raise NotUnderstood(f"Say it like {EXAMPLE}")
    text = None if found["text"] is None else without_quotes(found["text"].strip())
    wanted = Wanted(name=bare(found["name"]), text=text)
    for option in re.findall(_OPTION, f"{found['options']} {found['behind']}"):
        wanted = _with_option(wanted, option, read_when)
    return wanted


def _with_option(wanted: Wanted, option: str, read_when: Callable[[str], When]) -> Wanted:
    key, _, given = option.partition("=")
    typed = given.translate(_UNQUOTED)
    key, value = key.lower(), typed.lower()
    if key == "-when":
        return replace(wanted, when=read_when(typed))
    if key in _SWITCHES and not typed:
        return replace(wanted, enabled=_SWITCHES[key])
    if key == "-cat":
        return replace(wanted, category=read_category(value))
    if key == "-cd":
        return replace(wanted, cooldown_seconds=read_cooldown(value))
    if key == "-ucd":
        return replace(wanted, person_cooldown_seconds=read_cooldown(value))
    if key == "-ul":
        return replace(wanted, role=read_role(value))
    if key == "-a":
        how = say_command(f"alias add {wanted.name} = {typed or '!quote'}")
        raise NotUnderstood(f"What runs another command is an alias: {how[:MOST_SHOWN]} …")
    if key == "-c":
        how = say_command(f"custom count {wanted.name} {value or 0}")
        raise NotUnderstood(f"A counter is set by itself: {how[:MOST_SHOWN]}")
    raise NotUnderstood(f"There is no option '{option[:20]}'. {OPTIONS}")


def read_cooldown(typed: str) -> int:
    if typed.lower() in NO_COOLDOWN:
        return 0
    seconds = read_length(typed)
    if seconds is None:
        raise NotUnderstood(f"'{typed[:30]}' is no time. Say how long it rests: 30s, 5m, none.")
    return seconds


def read_category(typed: str) -> str:
    return "" if typed.lower() == NO_CATEGORY else typed


def read_role(typed: str) -> Role:
    role = _ROLES.get(typed.lower())
    if role is None:
        words = f"'{typed[:20]}' is no role here."
        raise NotUnderstood(f"{words} Say for whom: everybody, moderators, admins, owners.")
    return role


def undo_of(before: CustomCommand, wanted: Wanted) -> str:
    """The line that makes it what it was."""
    name = before.name
    match [*wanted.changes]:
        case ["enabled"]:
            return say_command(f"custom {'on' if before.enabled else 'off'} {name}")
        case ["cooldown_seconds"]:
            return say_command(f"custom rest {name} {_rest(before.cooldown_seconds)}")
        case ["person_cooldown_seconds"]:
            rest = _rest(before.person_cooldown_seconds)
            return say_command(f"custom rest {name} {rest} {EACH}")
        case ["role"]:
            return say_command(f"custom need {name} {before.role.value}")
        case ["category"]:
            return say_command(f"custom category {name} {before.category or NO_CATEGORY}")
        case ["when"]:
            return say_command(f"custom when {name} {typed_when(before.when)}")
    options = _options(before, wanted)
    return f"{say_command(f'custom edit {options}{name}')} {before.text}"


def add_again(command: CustomCommand) -> str:
    """The line that brings it back."""
    return f"{say_command(f'custom add {_options(command)}{command.name}')} {command.text}"


def _switch(command: CustomCommand) -> str:
    return "-on " if command.enabled else "-off "


def _rest(seconds: int) -> str:
    return f"{seconds}s" if seconds else "none"


def _options(command: CustomCommand, wanted: Wanted | None = None) -> str:
    """Those of its own, and of what is `wanted` in place of it also those that it has not."""
    always, changes = wanted is not None, wanted.changes if wanted else {}
    each = command.person_cooldown_seconds
    parts = (
        f"-cd={command.cooldown_seconds} " if command.cooldown_seconds or always else "",
        f"-ucd={each} " if each or "person_cooldown_seconds" in changes else "",
        f"-ul={command.role.value} " if command.role is not Role.USER or always else "",
        f'-when="{typed_when(command.when)}" '
        if command.when != ALWAYS or "when" in changes
        else "",
        f"-cat={command.category or NO_CATEGORY} "
        if command.category or "category" in changes
        else "",
        "" if command.enabled and "enabled" not in changes else _switch(command),
    )
    return "".join(parts)
