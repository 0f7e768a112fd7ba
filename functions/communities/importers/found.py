"""What a file of another bot holds, in words of ours, and what is told of each thing in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from waddlebot.domain.custom_whens import ALWAYS, When
from waddlebot.domain.own_names import fold_name
from waddlebot_sdk.own_words import MARK
from waddlebot_sdk.roles import Role

_SIGNS_OF_OURS = re.compile(r"\\(?=[$\\]|\Z)|\$(?=[({])")
MOST_NAMED = 3
MOST_READ = 5_000
"""Ten times what a text here has: words of other bots may be longer than ours."""
MOST_SHOWN = 50


class Became(StrEnum):
    """A placeholder is kept switched off, with what it said in the other bot's words."""

    CONVERTED = "converted"
    PLACEHOLDER = "placeholder"
    NEEDS_A_LOOK = "needs a look"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCommand:
    """`text` has variables as ours are written; `foreign` says why it cannot be said here.

    `notes` is what the other bot does and this one does not: whoever imports has to look.
    """

    name: str
    text: str
    role: Role = Role.USER
    cooldown_seconds: int = 0
    person_cooldown_seconds: int = 0
    when: When = ALWAYS
    enabled: bool = True
    aliases: tuple[str, ...] = ()
    counted: int = 0
    foreign: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundOther:
    """A timer, a quote and the like, which the text has no place for: `why` says what to do."""

    kind: str
    name: str
    why: str


Found = FoundCommand | FoundOther


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLine:
    """A line of the report; `in_text` is whether the text holds anything of it."""

    kind: str
    name: str
    outcome: Became
    why: str = ""
    in_text: bool = False


class Plain(str):
    """What another bot says as it stands, though it looks like a variable of it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InOurWords:
    """A text with variables as ours are written, or as it was where something in it has no word
    here, which is `unknown`. `names` are the variables that were in it.
    """

    text: str
    names: frozenset[str]
    unknown: tuple[str, ...]

    def foreign(self, what: str) -> str:
        """Half a sentence; empty where all of it can be said."""
        shown = ", ".join(one[:30] for one in self.unknown[:MOST_NAMED])
        return f"it has {what} that are not known here: {shown}" if shown else ""


def in_our_words(
    text: str, variable: re.Pattern[str], ours: Callable[[re.Match[str]], str | None]
) -> InOurWords:
    """`variable` is how the other bot writes one, with a group `name`; `ours` says how we do, a
    `Plain` of what is none, or None of what has no word here. All else is said as it stands.
    What is longer than MOST_READ is not looked through: nothing that long is kept.
    """
    if len(text) > MOST_READ:
        return InOurWords(text=text, names=frozenset(), unknown=())
    told, plain, at = list[str](), list[str](), 0
    names, unknown = set[str](), list[str]()
    for found in variable.finditer(text):
        plain.append(text[at : found.start()])
        at = found.end()
        word = ours(found)
        if not isinstance(word, Plain):
            names.add((found["name"] or "").lower())
        if word is None:
            unknown.append(found[0])
        if word is None or isinstance(word, Plain):
            plain.append(word or found[0])
            continue
        told += [_literal("".join(plain)), word]
        plain.clear()
    told.append(_literal("".join([*plain, text[at:]])))
    said = text if unknown else "".join(told)
    return InOurWords(text=said, names=frozenset(names), unknown=tuple(unknown))


def _literal(text: str) -> str:
    """No part of it begins a variable of ours, nor the one behind it is taken for none."""
    return _SIGNS_OF_OURS.sub(lambda found: f"\\{found[0]}", text)


class NotReadable(ValueError):
    """The file is none of this format: half a sentence for whoever brought it."""


def rows_in(value: Any, name: str) -> Iterator[Found | Mapping[str, Any]]:
    """Those of a list that are tables; each that is none is told of in its place."""
    if not isinstance(value, list):
        raise NotReadable(f"there is no list of {printable(name[:MOST_SHOWN])} in it")
    for number, row in enumerate(value, start=1):
        yield row if isinstance(row, Mapping) else unreadable(f"{name} {number}")


def unreadable(name: str) -> FoundOther:
    return FoundOther(kind="entry", name=name, why="It cannot be read: add it by hand.")


def text_of(row: Mapping[str, Any], field: str) -> str:
    value = row.get(field)
    return value.strip() if isinstance(value, str) else ""


def level_of(row: Mapping[str, Any], field: str, *, usual: str) -> str:
    """Whom it is for, as the other bot says it; `usual` where it says nothing, and nowhere else:
    what cannot be read is for nobody whom it was not for.
    """
    value = row.get(field)
    return usual if value is None or value == "" else str(value).strip()


def name_of(row: Mapping[str, Any], field: str) -> str:
    """`!Hello` is `hello`."""
    return fold_name(text_of(row, field).removeprefix("!"))


def number_of(value: Any) -> int:
    """Nothing where it is no number."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return int(value) if is_number and -(10**12) < value < 10**12 else 0


def names_in(value: Any) -> tuple[str, ...]:
    rows = value if isinstance(value, list) else []
    return tuple(fold_name(one.strip().removeprefix("!")) for one in rows if isinstance(one, str))


def narrowed(level: str) -> tuple[Role, tuple[str, ...]]:
    """For people whom no role here stands for: moderators, rather than everybody."""
    return Role.MODERATOR, (f"It was for {level[:30]}: here it is for moderators and above.",)


def printable(words: str) -> str:
    """No sign that turns or hides others, and no half of one."""
    return "".join(sign if sign.isprintable() or sign == MARK else "?" for sign in words)
