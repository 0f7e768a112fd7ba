"""What was found in another bot's file, laid over what a community has; pure.

What the house cannot say is kept switched off, in the words of the other bot
(docs/decisions/0154). What the community has already stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from functions.communities.importers.found import (
    MOST_SHOWN,
    Became,
    Found,
    FoundCommand,
    ReportLine,
    printable,
)
from waddlebot.decisions.parts.aliases.deeds import MOST_ALIASES
from waddlebot.decisions.parts.aliases.text import ALIAS
from waddlebot.decisions.parts.custom.deeds import MOST_COMMANDS
from waddlebot.decisions.parts.custom.text import COMMAND
from waddlebot.decisions.parts.settings.text import SETTING
from waddlebot.domain.community_facts import FactKind, Facts, Key
from waddlebot.domain.custom_commands import MOST_COOLDOWN_SECONDS, CustomCommand
from waddlebot.domain.custom_counting import counters_of
from waddlebot.domain.custom_facts import Fact
from waddlebot.domain.custom_fetching import read_allowed, why_not_asked
from waddlebot.domain.custom_texts import MOST_CHARACTERS, read_text, variables_of
from waddlebot.domain.custom_variables import check_text, what_it_needs
from waddlebot.domain.errors import Refusal
from waddlebot.domain.own_names import find_alike, in_latin, is_name
from waddlebot.platforms.fields import is_storable
from waddlebot_sdk.own_words import say_command

_MOST = {COMMAND: MOST_COMMANDS, ALIAS: MOST_ALIASES}
_NAMES_A_COUNT = re.compile(r"(?<![a-z])(?:get)?count(?![a-z])", re.IGNORECASE)
BY_HAND = "Add it by hand, by another name."


@dataclass(slots=True)
class LaidOver:
    """`facts` are the community's, and what came; `house` are the words that commands have."""

    facts: dict[Key, Any]
    house: Collection[str]
    told: list[ReportLine] = field(default_factory=list)

    def lay(self, found: Iterable[Found]) -> None:
        for one in found:
            if isinstance(one, FoundCommand):
                self._lay_command(one)
            else:
                self._tell(one.kind, one.name, Became.NEEDS_A_LOOK, one.why)

    def take_back(self, name: str, why: str) -> bool:
        """Out of the text again: a deed refused it. Whether it came with this file."""
        for place, line in enumerate(self.told):
            if line.in_text and line.name == name:
                self.told[place] = replace(
                    line, outcome=Became.NEEDS_A_LOOK, why=why, in_text=False
                )
                kind = COMMAND if line.kind == "command" else ALIAS
                return self.facts.pop((kind, name), None) is not None
        return False

    def _lay_command(self, found: FoundCommand) -> None:
        if why := self._why_not_called(found.name) or self._why_no_room(COMMAND):
            self._tell("command", found.name, Became.NEEDS_A_LOOK, why)
            return
        command, why = _kept(found)
        if command is None:
            self._tell("command", found.name, Became.NEEDS_A_LOOK, why)
            return
        self.facts[COMMAND, found.name] = command
        found = replace(found, notes=(*found.notes, *self._unasked(command)))
        self._tell("command", found.name, *_outcome(found, why), in_text=True)
        self._lay_what_belongs_to(found)

    def _lay_what_belongs_to(self, found: FoundCommand) -> None:
        if found.counted and _counts(found):
            count = say_command(f"custom count {found.name} {found.counted}")
            why = f"It has come to {found.counted}. Once it is brought in, say so: {count}"
            self._tell("counter", found.name, Became.NEEDS_A_LOOK, why)
        for alias in found.aliases:
            if why := self._why_not_called(alias) or self._why_no_room(ALIAS):
                self._tell("alias", alias, Became.NEEDS_A_LOOK, why)
                continue
            self.facts[ALIAS, alias] = f"!{found.name}"
            self._tell("alias", alias, Became.CONVERTED, in_text=True)

    def _unasked(self, command: CustomCommand) -> Iterator[str]:
        """Of the servers that its text asks, those that this community does not allow yet."""
        pieces = read_text(command.text)
        asked = (one for one in variables_of(pieces) if what_it_needs(one) is Fact.FETCHED)
        allowed = read_allowed(str(self.facts.get((SETTING, "fetch"), "")))
        whys = (why_not_asked(one, allowed) for one in asked)
        yield from dict.fromkeys(f"It asks a server: {why}." for why in whys if why)

    def _why_not_called(self, name: str) -> str:
        if not is_name(name):
            return f"A name is one word of at most 50 letters, digits, emoji and _. {BY_HAND}"
        if name in self.house or in_latin(name) in self.house:
            return f"!{name} is a command of the house. {BY_HAND}"
        if (COMMAND, name) in self.facts or (ALIAS, name) in self.facts:
            return f"There is a !{name} already, and it stays as it is. {BY_HAND}"
        if alike := find_alike(name, (key[1] for key in self.facts if key[0] in {COMMAND, ALIAS})):
            return f"It looks like !{alike}, which is there. {BY_HAND}"
        return ""

    def _why_no_room(self, kind: FactKind) -> str:
        most = _MOST[kind]
        if sum(1 for key in self.facts if key[0] is kind) < most:
            return ""
        many = "aliases" if kind is ALIAS else "custom commands"
        return f"A community has {most} {many} at most. Delete one first."

    def _tell(
        self, kind: str, name: str, outcome: Became, why: str = "", *, in_text: bool = False
    ) -> None:
        why = printable(why)  # it quotes the file
        line = ReportLine(kind=kind, name=_shown(name), outcome=outcome, why=why, in_text=in_text)
        self.told.append(line)


def lay_over(facts: Facts, house: Collection[str], found: Iterable[Found]) -> LaidOver:
    """Nothing of what was found is left out of what is told."""
    laid = LaidOver(dict(facts), house)
    laid.lay(found)
    return laid


def _kept(found: FoundCommand) -> tuple[CustomCommand | None, str]:
    """As it is kept, or None; and why it is not said as it was."""
    is_long = len(found.text) > MOST_CHARACTERS  # and is not read
    why = found.foreign or ("" if is_long else _why_not_said(found.text))
    text = _escaped(found.text) if why else found.text
    if not text or len(text) > MOST_CHARACTERS or not is_storable(text):
        anew = say_command("addcom")
        told = f"What it says has 1 to {MOST_CHARACTERS} signs here. Write it anew: {anew}"
        because = (f"{found.foreign}.",) if found.foreign else ()
        return None, " ".join((told, *because, *found.notes))
    command = CustomCommand(
        name=found.name,
        text=text,
        role=found.role,
        cooldown_seconds=_rest(found.cooldown_seconds),
        person_cooldown_seconds=_rest(found.person_cooldown_seconds),
        when=found.when,
        enabled=found.enabled and not why,
    )
    return command, why


def _counts(found: FoundCommand) -> bool:
    """Whether it says how often it was used; bots count that of each, said or not. Of a text that
    is not read here it is so where it names a count.
    """
    if found.foreign or _why_not_said(found.text):
        return _NAMES_A_COUNT.search(found.text) is not None
    return found.name in counters_of(found.name, found.text)


def _rest(seconds: int) -> int:
    return min(max(seconds, 0), MOST_COOLDOWN_SECONDS)


def _why_not_said(text: str) -> str:
    try:
        check_text(text)
    except Refusal as refusal:
        return refusal.say.removesuffix(".")
    return ""


def _escaped(text: str) -> str:
    """Said as it stands: no part of it is a variable."""
    return text.replace("\\", "\\\\").replace("$", "\\$")


def _outcome(found: FoundCommand, why: str) -> tuple[Became, str]:
    if why:
        edit, on = (say_command(f"{what} {found.name}") for what in ("editcom", "custom on"))
        again = f"Write it anew, then switch it on: {edit}, {on}"
        return Became.PLACEHOLDER, " ".join(
            (f"It is kept switched off: {why}. {again}", *found.notes)
        )
    return (Became.NEEDS_A_LOOK if found.notes else Became.CONVERTED), " ".join(found.notes)


def _shown(name: str) -> str:
    return printable(name[:MOST_SHOWN]) or "(no name)"
