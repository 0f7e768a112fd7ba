"""What is typed to make custom commands and to change them, and what undoes it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from waddlebot.domain.custom_commands import CustomCommand
from waddlebot.domain.entities import CommunityId
from waddlebot.stores.custom_commands import count_custom
from waddlebot.stores.versions import Edit
from waddlebot_sdk import NotUnderstood, Role, say_command
from waddlebot_sdk.grammar import without_quotes
from waddlebot_sdk.times import read_length

EXAMPLE = f"{say_command('custom add hello')} Hi $(user)!"
NO_COOLDOWN = frozenset({"none", "off", "no", "0"})
_DEFINITION = re.compile(
    r"(?P<options>(?:-\S+\s+)*)(?P<name>\S+)(?P<behind>(?:\s+-(?:cd|ul)=\S+)*)(?:\s+(?P<text>.+))?",
    re.DOTALL | re.IGNORECASE,
)
"""Options stand before the name or right behind it: no text begins with one."""
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
            self.counted[counter] = count_custom(
                self.edit.connection, self.community, counter, more
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
    enabled: bool | None = None

    @property
    def says_something(self) -> bool:
        told = (self.text, self.role, self.cooldown_seconds, self.enabled)
        return any(one is not None for one in told)

    def made_of(self, usual: CustomCommand) -> CustomCommand:
        return replace(
            usual,
            text=self.text or "",
            role=self.role or usual.role,
            cooldown_seconds=self.cooldown_seconds or 0,
        )


def read_wanted(typed: str, bare: Callable[[str], str]) -> Wanted:
    """`-cd=30 -ul=mod hello Hi!`, as people of other bots write it. Raises NotUnderstood."""
    found = _DEFINITION.fullmatch(typed.strip())
    if found is None:
        raise NotUnderstood(f"Say it like {EXAMPLE}")
    text = None if found["text"] is None else without_quotes(found["text"].strip())
    wanted = Wanted(name=bare(found["name"]), text=text)
    for option in f"{found['options']} {found['behind']}".split():
        wanted = _with_option(wanted, option)
    return wanted


def _with_option(wanted: Wanted, option: str) -> Wanted:
    key, _, value = option.lower().partition("=")
    if key == "-cd":
        return replace(wanted, cooldown_seconds=read_cooldown(value))
    if key == "-ul":
        return replace(wanted, role=read_role(value))
    raise NotUnderstood(f"There is no option '{option[:20]}'. There are -cd=30 and -ul=moderator.")


def read_cooldown(typed: str) -> int:
    if typed.lower() in NO_COOLDOWN:
        return 0
    seconds = read_length(typed)
    if seconds is None:
        raise NotUnderstood(f"'{typed[:30]}' is no time. Say how long it rests: 30s, 5m, none.")
    return seconds


def read_role(typed: str) -> Role:
    role = _ROLES.get(typed.lower())
    if role is None:
        raise NotUnderstood("Say for whom: everybody, moderators, admins, owners.")
    return role


def undo_of(before: CustomCommand, wanted: Wanted) -> str:
    """The line that makes it what it was."""
    name = before.name
    if wanted.enabled is not None:
        return say_command(f"custom {'on' if before.enabled else 'off'} {name}")
    if wanted.text is None and wanted.role is None:
        rest = f"{before.cooldown_seconds}s" if before.cooldown_seconds else "none"
        return say_command(f"custom rest {name} {rest}")
    if wanted.text is None and wanted.cooldown_seconds is None:
        return say_command(f"custom need {name} {before.role.value}")
    return f"{say_command(f'custom edit {_options(before, always=True)}{name}')} {before.text}"


def add_again(command: CustomCommand) -> str:
    """The line that brings it back."""
    return f"{say_command(f'custom add {_options(command)}{command.name}')} {command.text}"


def _options(command: CustomCommand, *, always: bool = False) -> str:
    parts = (
        f"-cd={command.cooldown_seconds} " if command.cooldown_seconds or always else "",
        f"-ul={command.role.value} " if command.role is not Role.USER or always else "",
    )
    return "".join(parts)
