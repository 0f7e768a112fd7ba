"""Sentences about what moderators change."""

from __future__ import annotations

from collections.abc import Sequence

from functions.modules.inventory.items import Condition, StockItem
from functions.modules.inventory.texts import (
    LIST,
    NAME_CHARACTERS,
    cut,
    many,
    name_of,
    names_of,
    typed_name,
)
from waddlebot_sdk import say_command


def changed(item: StockItem) -> str:
    wrong = "" if item.condition is Condition.FINE else f" ({item.condition})"
    warns = "" if item.low_at is None else f" It is low at {item.low_at}."
    about = f": {cut(item.description, NAME_CHARACTERS)}" if item.description else ""
    return f"Changed. #{item.number} {many(item.quantity, item.name)}{wrong}{about}.{warns}"


def so_many_out(item: StockItem, kept: int) -> str:
    too = f" and {kept} kept for who is next" if kept else ""
    see = say_command(f"inventory show {typed_name(item.name)}")
    return f"{item.taken} {name_of(item.name)} are out{too}, so there are not fewer. Who: {see}"


def name_is_taken(name: str) -> str:
    return f"There is {name_of(name)} already. What there is: {LIST}"


def labelled(item: StockItem) -> str:
    return f"Labels of {name_of(item.name)}: {', '.join(item.labels) or 'none'}."


def label_exists(item: StockItem, label: str) -> str:
    return f"{name_of(item.name)} has the label '{label}' already."


def no_label(item: StockItem, label: str) -> str:
    return f"{name_of(item.name)} has no label '{label}'. {labelled(item)}"


def goes_with(item: StockItem, accessories: Sequence[StockItem]) -> str:
    names = names_of([one.name for one in accessories]) or "nothing"
    return f"With {name_of(item.name)} goes {names}."


def cannot_go_with(item: StockItem, accessory: StockItem) -> str:
    why = "what goes with something has nothing that goes with it"
    return f"{name_of(accessory.name)} cannot go with {name_of(item.name)}: {why}."


def too_many_accessories(most: int) -> str:
    return f"{most} things go with one at most."


def does_not_go_with(item: StockItem, accessory: StockItem) -> str:
    return f"{name_of(accessory.name)} does not go with {name_of(item.name)}."
