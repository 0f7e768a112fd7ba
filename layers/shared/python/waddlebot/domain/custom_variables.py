"""The variables of custom commands: what each needs, and what it comes to; pure.

Named as Nightbot and StreamElements name them (docs/custom-commands.md says what differs). What
each says stands in a file a subject.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from waddlebot.domain.custom_asked import ASKED
from waddlebot.domain.custom_chance import OF_CHANCE
from waddlebot.domain.custom_clocks import OF_CLOCKS
from waddlebot.domain.custom_counting import COUNTING, HOW_COUNTED, OF_COUNTING
from waddlebot.domain.custom_facts import OF_ANSWERS, Fact
from waddlebot.domain.custom_fetching import OF_FETCHES
from waddlebot.domain.custom_forms import FORMS
from waddlebot.domain.custom_lines import OF_LINES, at_place
from waddlebot.domain.custom_meanings import Calling, Meaning
from waddlebot.domain.custom_refused import says_why
from waddlebot.domain.custom_stream import OF_STREAM, TWITCH, check_twitch, is_of_another
from waddlebot.domain.custom_texts import Piece, Told, Variable, read_text, variables_of, wrong
from waddlebot.domain.errors import Refusal
from waddlebot.domain.fetches import MOST_FETCHES

MOST_ASKED = MOST_FETCHES
MOST_GIVEN = 400

VARIABLES: Mapping[str, Meaning] = {
    **ASKED,
    **OF_FETCHES,
    **OF_STREAM,
    **OF_LINES,
    **OF_COUNTING,
    **OF_CHANCE,
    **OF_CLOCKS,
}
"""By the name behind the dollar, in small letters."""

_TAIL = re.compile(r"(?P<name>random|time)\.(?P<given>.+)")


def tell(text: str, calling: Calling, *, most: int, telling: Callable[..., Told] = Told) -> str:
    """What is said, at most so many characters. Raises Refusal: it was saved by another release."""
    pieces = read_text(text)
    check_variables(pieces)
    told = telling(lambda variable, given: _value(variable, given, calling), most, FORMS)
    return told.tell(pieces)


def check_text(text: str) -> None:
    """Raises Refusal: a variable is none of ours, or what stands behind it makes no sense."""
    check_variables(read_text(text))


def check_variables(pieces: Sequence[Piece]) -> None:
    for variable in variables_of(pieces):
        if variable.position:
            continue
        name, tail = _named(variable)
        if name in FORMS:
            FORMS[name].check(variable.given)
            continue
        if name == TWITCH:
            check_twitch(variable.given)
        elif name in VARIABLES:
            given = (tail, *variable.given) if tail else variable.given
            if all(isinstance(one, str) for one in given):
                VARIABLES[name].check("".join(map(str, given)).strip())
            elif name in COUNTING:  # else whoever types makes counters, and takes from others
                raise wrong(HOW_COUNTED)
        else:
            raise wrong(says_why(name))
    _check_asked([one for one in variables_of(pieces) if _is_asked(one)])


def _check_asked(asked: Sequence[Variable]) -> None:
    if len(asked) > MOST_ASKED:
        raise wrong(
            f"A text asks for {MOST_ASKED} things at most, as $(quote) and $(urlfetch …) do."
        )
    within = (one for variable in asked for one in variables_of(variable.given))
    if any(one.name in COUNTING or _is_asked(one) for one in within):
        raise wrong(
            "What is asked for is known before a text counts or asks: no $(count), $(quote) or "
            "$(urlfetch …) stands in another one."
        )


def _is_asked(variable: Variable) -> bool:
    return what_it_needs(variable) in OF_ANSWERS


def what_it_needs(variable: Variable) -> Fact | None:
    name, _ = _named(variable)
    if name == TWITCH and is_of_another(variable.given):
        return Fact.OTHER_CHANNEL
    return VARIABLES[name].needs if name in VARIABLES else None


def asked_in(text: str, calling: Calling) -> Mapping[Variable, str]:
    """What has to be asked for by itself, each with what stands behind it, said.

    Nothing is counted: see `_check_asked`. Nothing of a text that cannot be read.
    """
    try:
        asked = [one for one in variables_of(read_text(text)) if _is_asked(one)]
    except Refusal:
        return {}
    return {one: _given(one, calling) for one in asked[:MOST_ASKED]}


def _given(variable: Variable, calling: Calling) -> str:
    told = Told(lambda inner, given: _value(inner, given, calling), MOST_GIVEN, FORMS)
    return told.tell(variable.given).strip()


@lru_cache(maxsize=1_000)
def needs_of(text: str) -> frozenset[Fact]:
    """What is asked for before this text is said; nothing of one that cannot be read."""
    try:
        told = map(what_it_needs, variables_of(read_text(text)))
        return frozenset(need for need in told if need)
    except Refusal:
        return frozenset()


def _value(variable: Variable, given: str, calling: Calling) -> str:
    if place := variable.position:
        return at_place(place, calling)
    name, tail = _named(variable)
    if (needs := what_it_needs(variable)) in OF_ANSWERS and needs:
        return calling.facts.answer_to(variable, needs)
    told = f"{tail} {given}".strip()
    try:
        VARIABLES[name].check(told)
    except Refusal:  # it was typed: what was saved is looked at before
        return ""
    return VARIABLES[name].say(calling, told)


def _named(variable: Variable) -> tuple[str, str]:
    """`random.1-6` is `random 1-6`, `time.UTC` is `time UTC`."""
    found = None if variable.name in VARIABLES else _TAIL.fullmatch(variable.name)
    return (found["name"], found["given"]) if found else (variable.name, "")
