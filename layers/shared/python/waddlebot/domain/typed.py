"""Which command a line means here, and how this community has it."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from waddlebot.domain.aliases import MODULE as ALIAS
from waddlebot.domain.aliases import aliases_of
from waddlebot.domain.command_table import PREFIXES, CommandTable, Found
from waddlebot.domain.custom_commands import CUSTOM, custom_of, find_usable
from waddlebot.domain.custom_readers import is_usable_custom
from waddlebot.domain.giving_way import gives_way
from waddlebot.domain.own_words import USUAL_PREFIX, OwnWords
from waddlebot.domain.private_talk import is_nowhere, is_personal
from waddlebot.domain.sessions import Community, Session
from waddlebot.domain.triggers import CommandTrigger
from waddlebot_sdk.roles import Role

FULL_WIDTH_FIRST, FULL_WIDTH_LAST = "\uff01", "\uff5e"
LEAST_LETTERS = 3
"""Shorter words are near to too much."""
NEAR = 0.75
MOST_CALLED = 4096
"""Commands of this house under names of communities, as they were last asked for."""
MOST_LOOKED_FOR = 128
"""Words that were no command; each is kept with the names that it was compared with."""


def split_typed(line: str, words: OwnWords, *, any_prefix: bool = False) -> tuple[str, str] | None:
    """`?quote 3` as the prefix that commands are declared with and what follows; else None.

    With `any_prefix` the usual one counts too: somebody talks to the bot. A first word that begins
    with a sign of full width, as keyboards of East Asia type it, is what it looks like.
    """
    if FULL_WIDTH_FIRST <= line[:1] <= FULL_WIDTH_LAST:
        first, *behind = line.split(maxsplit=1)
        line = " ".join((unicodedata.normalize("NFKC", first), *behind))
    if line.startswith(words.prefix):
        prefix, rest = USUAL_PREFIX, line[len(words.prefix) :]
    elif line[:1] == "#" or (any_prefix and line[:1] == USUAL_PREFIX):
        prefix, rest = line[0], line[1:]
    else:
        return None
    return None if rest[:1].isspace() else (prefix, rest)


def declared_rest(prefix: str, rest: str, words: OwnWords) -> str:
    """`zitat 3` behind this prefix as its module declares it: `quote 3`."""
    return words.declared(rest) if prefix == USUAL_PREFIX else rest


def find_typed(
    prefix: str, rest: str, community: Community, table: CommandTable, *, of_before: bool = False
) -> Found | None:
    """What is renamed goes by its new name alone; `of_before`: by the old one too."""
    words = community.words
    if not words.names:  # as in most communities
        return table.find(prefix, rest)
    declared = declared_rest(prefix, rest, words)
    found = table.find(prefix, declared)
    is_of_before = declared == rest and found and words.is_renamed(found.trigger.typed)
    return None if is_of_before and not of_before else found


def as_here(trigger: CommandTrigger, community: Community) -> CommandTrigger:
    """With the role that it needs here, and called as it is called here."""
    needed = _needed(trigger, community)
    if needed is trigger.role and community.words.are_usual:
        return trigger
    return _called(trigger, needed, community.words.shown(trigger.typed))


def _needed(trigger: CommandTrigger, community: Community) -> Role:
    return community.needed.get(trigger.id, trigger.role)


@lru_cache(maxsize=MOST_CALLED)
def _called(trigger: CommandTrigger, role: Role, shown: str) -> CommandTrigger:
    """Kept: `?help` names fifty, and making them anew each time took a millisecond."""
    return replace(trigger, role=role, shown=shown)


def find_named(name: str, community: Community, table: CommandTable) -> CommandTrigger | None:
    """The command that somebody names, with or without a prefix, by its name here or of before."""
    typed = split_typed(name, community.words, any_prefix=True)
    for prefix, rest in [typed] if typed else [(prefix, name) for prefix in PREFIXES]:
        found = find_typed(prefix, rest, community, table, of_before=True)
        if found is not None:
            return as_here(found.trigger, community)
    return None


def split_prefix(command: str) -> tuple[str, str]:
    """`#roll 2d6` as its prefix and the rest; without one it is `!`."""
    command = command.strip()
    return (command[0], command[1:]) if command[:1] in PREFIXES else ("!", command)


def usable_here(commands: Iterable[CommandTrigger], session: Session) -> list[CommandTrigger]:
    """Those that this person may use in this place, as they are here."""
    community = session.community
    off = community.disabled | session.spot.disabled
    role = session.person.role if session.person else Role.USER
    if is_nowhere(session):
        commands = [one for one in commands if is_personal(one.module)]
    return [
        as_here(one, community)
        for one in commands
        if role.covers(_needed(one, community))
        and not off & {one.module, one.id, one.typed}
        and not is_stood_for(one, session)
    ]


def is_stood_for(command: CommandTrigger, session: Session) -> bool:
    """Whether the community made one of that name itself, which is answered in its place."""
    if not gives_way(command.module):
        return False
    name, off = command.path, session.community.disabled | session.spot.disabled
    is_custom = CUSTOM not in off and find_usable(name, session.community) is not None
    return is_custom or (ALIAS not in off and name in aliases_of(session.community))


def nearest_here(line: str, session: Session, table: CommandTable) -> str | None:
    """What this person probably meant by the first word of a line, as it is typed here."""
    words = session.community.words
    first = (line.split(maxsplit=1) or [""])[0].lower()
    word = first.removeprefix(words.prefix).lstrip("".join(PREFIXES))
    if len(word) < LEAST_LETTERS:
        return None
    of_before = f"{USUAL_PREFIX}{word}"
    if words.is_renamed(of_before) and usable_here(table.below(USUAL_PREFIX, word), session):
        return words.shown(of_before)
    names = {name: head for name, head in table.heads().items() if not words.is_renamed(head)}
    names |= words.names
    own = frozenset(
        one for one in _own_here(session) if one not in names or _may_have(one, names[one], table)
    )
    names |= {name: f"{USUAL_PREFIX}{name}" for name in own}
    for close in _close_to(word, frozenset(names)):
        head = names[close]
        if close in own:
            if _answers_own(close, session):
                return words.shown(head)
        elif usable_here(table.below(head[0], head[1:]), session):
            return words.shown(head)
    return None


def _may_have(name: str, head: str, table: CommandTable) -> bool:
    return head == f"{USUAL_PREFIX}{name}" and not table.is_taken(USUAL_PREFIX, name)


@lru_cache(maxsize=MOST_LOOKED_FOR)
def _close_to(word: str, names: frozenset[str]) -> tuple[str, ...]:
    """Kept: lines for another bot come again and again, and among 400 names it takes 700 µs."""
    return tuple(difflib.get_close_matches(word, sorted(names), n=3, cutoff=NEAR))


def _own_here(session: Session) -> frozenset[str]:
    """What the community made: for whom it is, is asked of what is near alone."""
    off, community = session.community.disabled | session.spot.disabled, session.community
    aliases = frozenset(() if ALIAS in off else aliases_of(community))
    return aliases.union(custom_of(community))


def _answers_own(name: str, session: Session) -> bool:
    is_custom = name in custom_of(session.community)
    return is_usable_custom(name, session) if is_custom else True
