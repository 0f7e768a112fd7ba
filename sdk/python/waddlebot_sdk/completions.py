"""What may stand for an argument, offered while somebody types it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from waddlebot_sdk.calls import Call
from waddlebot_sdk.grammar import Usage, take_words

Tools = TypeVar("Tools")

AUTOCOMPLETE = "autocomplete"
"""The event type of a call that asks for choices."""
MOST_CHOICES = 25
MOST_CHARACTERS = 100
"""Of a value and of what is shown for it; both are Discord's limits."""
_MOST_READ = 1000


@dataclass(frozen=True, slots=True)
class Choice:
    """`value` is what would be typed, `shown` what people read in the list: by itself the value."""

    value: str
    shown: str = ""


Offered = Iterable[Choice | str]
Completer = Callable[[Call, Tools], Offered]
"""`call.text` is what stands there so far, `call.arguments` what the other arguments hold."""


@dataclass(frozen=True, slots=True)
class Words:
    """The completer of an argument that takes one of few words."""

    known: tuple[str, ...]

    def __call__(self, _call: Call, _tools: object) -> Offered:
        return self.known


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Where somebody types: `typed` stands for `argument`, `given` for those before it."""

    argument: str
    typed: str
    given: Mapping[str, str] = field(default_factory=dict)


def at_cursor(usage: Usage, text: str) -> Cursor | None:
    """`text` is what follows the command so far; None where it takes no arguments."""
    rest, given = text.lstrip(), dict[str, str]()
    end = rest[len(rest.rstrip()) :]  # a blank there says that the word before it is done
    for number, argument in enumerate(usage.arguments, start=1):
        words, behind = take_words(rest, 1)
        is_done = bool(words) and (bool(behind) or rest[-1:].isspace())
        if number == len(usage.arguments) or not is_done:
            return Cursor(argument=argument.name, typed=rest, given=given)
        given[argument.name], rest = words[0], f"{behind}{end}" if behind else ""
    return None


def read_completers(
    usage: Usage, declared: Mapping[str, Completer[Any] | Sequence[str]]
) -> dict[str, Completer[Any]]:
    """`declared`, as the answer, by the arguments' names; what is no function is the few words.

    Raises ValueError: the usage has no such argument.
    """
    known = {argument.name for argument in usage.arguments}
    for name in declared:
        if name not in known:
            raise ValueError(f"'{usage}' has no argument '{name}' to complete")
    return {
        name: one if callable(one) else Words(tuple(map(str, one)))
        for name, one in declared.items()
    }


def chosen(offered: Offered, typed: str) -> tuple[Choice, ...]:
    """At most 25: a text where it has in it what is typed, first where it begins with that.

    A Choice was chosen by whoever made it, and stays. One that is too long to be typed is left out.
    """
    known = list(islice(offered, _MOST_READ))
    wanted = typed.strip().casefold()
    of_words = [one for one in known if isinstance(one, str) and wanted in one.casefold()]
    of_words.sort(key=lambda one: not one.casefold().startswith(wanted))
    made = [one for one in known if isinstance(one, Choice)]
    return bounded([*made, *map(Choice, of_words)])


def bounded(choices: Iterable[Choice]) -> tuple[Choice, ...]:
    """Each value once, as any platform takes them."""
    kept: dict[str, Choice] = {}
    for one in choices:
        if _is_line(one.value) and len(one.value) <= MOST_CHARACTERS:
            shown = _cut(" ".join(one.shown.split())) or one.value
            kept.setdefault(one.value, Choice(one.value, shown))
    return tuple(islice(kept.values(), MOST_CHOICES))


def choices_to_wire(choices: Iterable[Choice]) -> dict[str, Any]:
    """`{"choices": [{"value", "shown"}…]}`."""
    return {"choices": [{"value": one.value, "shown": one.shown} for one in choices]}


def choices_from_wire(wire: object) -> tuple[Choice, ...]:
    """What a module answered, which nobody trusts; what is no choice is left out.

    `wire` is as `choices_to_wire` makes it.
    """
    those = wire.get("choices") if isinstance(wire, dict) else None
    read = (_read(one) for one in (those if isinstance(those, list) else [])[:_MOST_READ])
    return bounded(one for one in read if one)


def _read(wire: object) -> Choice | None:
    if not isinstance(wire, dict):
        return None
    value, shown = wire.get("value"), wire.get("shown")
    return (
        Choice(value, shown if isinstance(shown, str) else "") if isinstance(value, str) else None
    )


def _is_line(text: str) -> bool:
    return bool(text.strip()) and text.isprintable()


def _cut(text: str) -> str:
    printable = "".join(filter(str.isprintable, text))
    return (
        printable if len(printable) <= MOST_CHARACTERS else f"{printable[: MOST_CHARACTERS - 1]}…"
    )
