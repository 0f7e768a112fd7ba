"""Sentences about what happened to things, and how many there are."""

from __future__ import annotations

from collections.abc import Iterable

from functions.modules.inventory.figures import InventoryFigures
from functions.modules.inventory.items import Activity, ItemAction
from functions.modules.inventory.texts import BETWEEN, LIST, cut, many, who
from waddlebot_sdk.pages import Pages
from waddlebot_sdk.shown import Shown, show_time


def history(done: Iterable[Activity], page: int, *, again: str, room: int) -> str:
    pages = Pages(again=again, room=room, heading="", between=BETWEEN, end="")
    return pages.say([_happened(one) for one in done], page)


def no_history(typed: str) -> str:
    return f"Nothing is known of '{cut(typed)}'. What there is: {LIST}"


def figures(
    counted: InventoryFigures, done: Iterable[Activity], page: int, *, again: str, room: int
) -> str:
    here = counted.pieces - counted.out
    labels = ", ".join(f"{one.label} {one.items}" for one in counted.labels)
    where = f"{here} here, {counted.out} out, {counted.late} late"
    kinds = "label" if counted.different_labels == 1 else "labels"
    lines = [
        f"{_things(counted.items)}, {counted.pieces} in all: {where}",
        f"{counted.different_labels} {kinds}{f': {labels}' if labels else ''}",
        *map(_happened, done),
    ]
    return Pages(again=again, room=room, heading="", between=BETWEEN, end="").say(lines, page)


def _happened(one: Activity) -> str:
    by = f" by {who(one.by)}"
    what = many(int(one.details.get("quantity", 1)), one.item_name)
    day = show_time(one.at, Shown.DAY)
    if one.holder is None:
        return f"{day} {_DONE.get(one.action, one.action)} {what}{_details(one)}{by}"
    whom = who(one.holder)
    if one.action == ItemAction.DELETE:
        return f"{day} deleted {what}{by}, with {whom}"
    by = "" if one.by.key == one.holder.key else by
    if one.action == ItemAction.EXTEND:
        return f"{day} {whom} keeps {what} for longer{by}"
    verb, way = ("lent", "to") if one.action == ItemAction.CHECKOUT else ("back", "from")
    return f"{day} {verb} {what} {way} {whom}{by}"


def _details(one: Activity) -> str:
    """What was changed: `count 5`."""
    parts = one.details.items()
    said = ", ".join(f"{name} {value}" for name, value in parts if name != "quantity")
    return f" ({cut(said)})" if said else ""


_DONE = {
    ItemAction.ADD.value: "added",
    ItemAction.DELETE.value: "deleted",
    ItemAction.UPDATE.value: "changed",
    ItemAction.LABEL_ADD.value: "labelled",
    ItemAction.LABEL_REMOVE.value: "unlabelled",
}


def _things(count: int) -> str:
    return f"{count} thing{'' if count == 1 else 's'}"
