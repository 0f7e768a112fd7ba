"""What callers type, put where an alias has a place for it: `$1`, `${2:-x}`, `$2-`, `$*`, `{user}`.

A shell's manners: what stands in quotes stays one word, `\\$` is a dollar, and a place that nothing
is typed for, and that has no default, is the alias's usage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from waddlebot.domain.errors import Because, Refusal
from waddlebot_sdk.grammar import split_words, take_words

MOST_EXPANDED = 2_000
MOST_PLACES = 20
TOO_LONG = f"That alias becomes longer than {MOST_EXPANDED:,} characters."

_PLACE = re.compile(
    r"""
    \\(?P<escaped>[$\{])
    | \$\{(?P<braced>\d{1,9}-?|[*@])(?: :-(?P<default>(?:\{[^{}]*\}|[^}])*))?\}
    | \$(?P<bare>\d{1,9}(?: -(?![\w$]))?|[*@])
    | \{(?P<word>user|args|all_args|arg\d{1,2}|count)\}
    """,
    re.VERBOSE,
)


class MissingArgument(Refusal):
    """A place of an alias is empty: its usage is the answer."""

    def __init__(self) -> None:
        super().__init__("Something is missing behind that alias.", Because.WRONG)


# Without slots: it remembers its words.
@dataclass(frozen=True, kw_only=True)
class TypedBehind:
    """What was typed behind an alias, as it was typed, and by whom; `count` is of a counter."""

    rest: str = ""
    caller: str = ""
    count: str = ""

    @cached_property
    def words(self) -> tuple[str, ...]:
        return split_words(self.rest)

    def from_word(self, number: int) -> str:
        """The rest of the line, its quotes included."""
        return take_words(self.rest, number - 1)[1]


@dataclass(frozen=True, slots=True)
class Slot:
    """`number` counts words from 1; 0 is all that was typed, and `onwards` all from there."""

    number: int
    onwards: bool
    default: str | None = None

    @property
    def is_needed(self) -> bool:
        return not self.onwards and self.default is None

    def filled(self, given: TypedBehind) -> str:
        """Raises MissingArgument."""
        if not self.onwards:
            here = given.words[self.number - 1 : self.number]
            value = here[0] if here else ""
        else:
            value = given.from_word(self.number) if self.number else given.rest
        if value.strip():
            return value
        if self.is_needed:
            raise MissingArgument
        return fill(self.default or "", given)


def fill(text: str, given: TypedBehind) -> str:
    """Raises Refusal: something is missing, or it becomes too long."""
    parts, length, end, in_quotes = list[str](), 0, 0, False
    for found in _PLACE.finditer(text):
        before = text[end : found.start()]
        in_quotes ^= before.count('"') % 2 == 1
        value = _filled(found, given)
        # A quote of the caller's ends none of the alias's.
        parts += (before, value.replace('"', "'") if in_quotes else value)
        end, length = found.end(), length + len(before) + len(value)
        if length > MOST_EXPANDED:
            break
    whole = "".join((*parts, text[end:])) if length <= MOST_EXPANDED else None
    if whole is None or len(whole) > MOST_EXPANDED:
        raise Refusal(TOO_LONG, Because.WRONG, code="ALIAS_TOO_LONG")
    return whole


def has_places(text: str) -> bool:
    """For what is typed behind it; who types it is none."""
    return any(True for _ in places_of(text))


def places_of(text: str) -> Iterator[Slot]:
    """In the order in which they stand there; those in a default behind the one that has it."""
    for place in filter(None, map(_place, _PLACE.finditer(text))):
        yield place
        yield from places_of(place.default or "")


def with_defaults(text: str) -> str:
    """As it is where nothing is typed behind it; places that need something stay."""
    return _PLACE.sub(lambda found: with_defaults(found["default"] or "") or found[0], text)


def check_places(text: str) -> None:
    """Raises Refusal: no such place is ever filled."""
    for place in places_of(text):
        if place.number > MOST_PLACES or (not place.number and not place.onwards):
            words = f"There are the places $1 to ${MOST_PLACES}, $2- and $*. A dollar alone is \\$."
            raise Refusal(words, Because.WRONG, code="NO_SUCH_PLACE", field="text")
        _check_default(place.default or "")


def _check_default(default: str) -> None:
    if default.count("{") != default.count("}"):
        words = "In a default stand places without one of their own: ${2:-$1}, ${1:-{user}}."
        raise Refusal(words, Because.WRONG, code="NO_SUCH_PLACE", field="text")


def usage_of(text: str) -> str:
    """`<1> [2] [more]`: what is typed behind it."""
    found = list(places_of(text))
    last = max((place.number for place in found), default=0)
    needed = {place.number for place in found if place.is_needed}
    named = {place.number for place in found if place.number and not place.onwards}
    words = [f"<{one}>" if one in needed else f"[{one}]" for one in range(1, last + 1)]
    if last and last not in named:  # `$2-` alone: all from there
        words.pop()
    return " ".join([*words, *(["[more]"] if any(place.onwards for place in found) else [])])


def _filled(found: re.Match[str], given: TypedBehind) -> str:
    if found["escaped"]:
        return str(found["escaped"])
    place = _place(found)
    if place is not None:
        return place.filled(given)
    return given.count if found["word"] == "count" else given.caller


def _place(found: re.Match[str]) -> Slot | None:
    typed = found["braced"] or found["bare"] or _of_word(found["word"])
    if not typed:
        return None
    if typed in {"*", "@"}:
        return Slot(0, onwards=True, default=found["default"])
    return Slot(int(typed.rstrip("-")), onwards=typed.endswith("-"), default=found["default"])


def _of_word(word: str | None) -> str:
    """`{arg2}` is `$2`, `{args}` is `$*`."""
    if word in {"args", "all_args"}:
        return "*"
    return word.removeprefix("arg") if word and word.startswith("arg") else ""
