"""How a part of a community stands in the text form, and which deeds a difference in it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from waddlebot.decisions.asking import Asker
from waddlebot.decisions.text_table import TextTable
from waddlebot.domain.community_facts import Difference, FactKind, Facts, Key
from waddlebot.stores.part_rows import CommunityRow
from waddlebot.stores.versions import Edit

FactDeed = Callable[[Edit, Asker, Difference], object]
ByKind = Mapping[FactKind, Mapping[Key, Any]]
"""Facts by their kind, and by what they are about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What `command` and the beginning of a `line` mean, by the names that are declared."""

    command: Callable[[str], str]
    line: Callable[[str], str]


def _said_as_it_is(key: Key, _naming: Naming) -> Key:
    return key


def _valued_as_it_is(value: Any, _naming: Naming) -> Any:
    return value


def _in_any_order(_before: Facts, _after: Facts) -> Sequence[Difference]:
    return ()


def command_named(key: Key, naming: Naming) -> Key:
    """Of a key that is about a command first."""
    kind, command, *about = key
    return (kind, naming.command(command), *about)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartText:
    """`facts` makes facts of a community's row, `read` makes them of a text's top table, and
    `write` makes tables of them, which are laid over those of the other parts.

    `deeds` are its kinds, in the order in which changes are made, and what does a difference in
    each. What gives way first, where two swap what one of them has, is given up by `free`.
    `declared` is a fact by the names of commands that are declared, where a text names others, and
    `declared_value` its value.
    `arranged` is what differs in the order of what both have: (what is, what is wanted).
    `settle` says what a text leaves open, by what is: (edit, what is, what is wanted).
    """

    deeds: Mapping[FactKind, FactDeed]
    facts: Callable[[CommunityRow], Facts]
    read: Callable[[TextTable], Facts]
    write: Callable[[ByKind], dict[str, Any]]
    free: FactDeed | None = None
    declared: Callable[[Key, Naming], Key] = _said_as_it_is
    declared_value: Callable[[Any, Naming], Any] = _valued_as_it_is
    arranged: Callable[[Facts, Facts], Sequence[Difference]] = _in_any_order
    settle: Callable[[Edit, Facts, Facts], Facts] | None = None


def put(facts: dict[Key, Any], read: Facts, row: TextTable) -> None:
    """Raises Refusal: of two rows about the same nobody knows which is meant."""
    if facts.keys() & read.keys():
        raise row.wrong_itself("another row says the same, or otherwise")
    facts |= read


def without_empty(row: Mapping[str, Any], *always: str) -> dict[str, Any]:
    """What is as usual is not written, but `always` is."""
    return {name: value for name, value in row.items() if value or name in always}


def sorted_rows(facts: Mapping[Key, Any]) -> list[tuple[Key, Any]]:
    """So that the same community is always the same text."""
    return sorted(facts.items(), key=lambda one: [str(about or "") for about in one[0]])
