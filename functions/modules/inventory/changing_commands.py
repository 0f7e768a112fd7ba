"""What moderators change about a thing: its parts, condition, labels, and when it is low."""

from __future__ import annotations

from collections.abc import Mapping

from functions.modules.inventory import deeds, texts_of_changes, texts_of_typing, typed
from functions.modules.inventory.completing import items
from functions.modules.inventory.items import Condition, ItemAction, StockItem
from functions.modules.inventory.people import asking
from functions.modules.inventory.store import Inventory
from functions.modules.inventory.typed import PER_MINUTE
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, Role, command

PARTS = ("name", "description", "count")
SAID = {"quantity": "count", "low_at": "warns at"}
"""Parts as the history says them."""
LABEL_VERBS = ("add", "remove")
MOST_ACCESSORIES = 10


@command(
    "inventory edit <item> <part> <value>",
    "Change a part: name, description or count.",
    example="inventory edit camera description Sony A7",
    also=("inv edit",),
    role=Role.MODERATOR,
    per_minute=PER_MINUTE,
    completes={"item": items(), "part": PARTS},
)
def edit(call: Call, inventory: Inventory) -> Answer:
    item, part, value = typed.find_with(call, inventory, PARTS)
    if not value:
        raise NotUnderstood(texts_of_typing.no_part(part, PARTS))
    now = typed.hold(inventory, item)
    match part:
        case "name":
            wanted: dict[str, object] = {"name": typed.read_name(call.in_words(value))}
        case "description":
            wanted = {"description": typed.read_description(call.in_words(value))}
        case _:
            wanted = {"quantity": typed.read_count(value)}
            line = inventory.waiting.of_item(now)
            kept = sum(one.quantity for one in line if one.kept_until)
            if int(str(wanted["quantity"])) < now.taken + kept:
                return Chat(texts_of_changes.so_many_out(now, kept))
    return _changed(call, inventory, now, **wanted)


@command(
    "inventory state <item> <state>",
    "Say how a thing is: fine, broken, repair or lost. What is not fine is not lent.",
    example="inventory state camera broken",
    also=("inv state",),
    role=Role.MODERATOR,
    per_minute=PER_MINUTE,
    completes={"item": items(), "state": tuple(Condition)},
)
def state(call: Call, inventory: Inventory) -> Answer:
    item, condition, _ = typed.find_with(call, inventory, tuple(Condition))
    now = typed.hold(inventory, item)
    return _changed(call, inventory, now, condition=Condition(condition))


@command(
    "inventory warn <item> <count>",
    "Say when only so many are left; off warns no more.",
    example="inventory warn battery 3",
    also=("inv warn",),
    role=Role.MODERATOR,
    per_minute=PER_MINUTE,
    completes={"item": items()},
)
def warn(call: Call, inventory: Inventory) -> Answer:
    item, rest = typed.find_item(call, inventory, call.text)
    low_at = None if rest.casefold() == "off" else typed.read_low(rest)
    return _changed(call, inventory, typed.hold(inventory, item), low_at=low_at)


@command(
    "inventory labels <item> <verb> <label>",
    "Hang a label on a thing, or take it off: add or remove.",
    example="inventory labels camera add video",
    also=("inv labels",),
    role=Role.MODERATOR,
    per_minute=PER_MINUTE,
    completes={"item": items(), "verb": LABEL_VERBS},
)
def labels(call: Call, inventory: Inventory) -> Answer:
    item, verb, value = typed.find_with(call, inventory, LABEL_VERBS)
    label = typed.read_label(call.in_words(value))
    now = typed.hold(inventory, item)
    if verb == "remove":
        if not inventory.unlabel(now, label):
            return Chat(texts_of_changes.no_label(now, label))
    elif label in now.labels:
        return Chat(texts_of_changes.label_exists(now, label))
    elif len(now.labels) >= typed.MOST_LABELS:
        return Chat(texts_of_typing.too_many_labels(typed.MOST_LABELS))
    else:
        inventory.label(now, label)
    action = ItemAction.LABEL_REMOVE if verb == "remove" else ItemAction.LABEL_ADD
    _note(call, inventory, now, action, {"label": label})
    return Chat(texts_of_changes.labelled(typed.hold(inventory, now)))


@command(
    "inventory accessories <item> <verb> <accessory>",
    "Say what goes with a thing, and is lent with it: add or remove.",
    example="inventory accessories camera add tripod",
    also=("inv accessories",),
    role=Role.MODERATOR,
    per_minute=PER_MINUTE,
    completes={"item": items(), "verb": LABEL_VERBS, "accessory": items()},
)
def accessories(call: Call, inventory: Inventory) -> Answer:
    item, verb, value = typed.find_with(call, inventory, LABEL_VERBS)
    accessory, _ = typed.find_item(call, inventory, value)
    # By number, as everybody locks what goes with something behind it: two who hang things on each
    # other at once go one after the other.
    for one in sorted({item.id: item, accessory.id: accessory}.values(), key=lambda it: it.number):
        typed.hold(inventory, one)
    known, with_it = inventory.accessories, inventory.with_it(call.community.id, item)
    if verb == "remove":
        if not known.remove(item, accessory):
            return Chat(texts_of_changes.does_not_go_with(item, accessory))
    elif accessory.id == item.id or known.ids_of(accessory) or known.goes_with_any(item):
        return Chat(texts_of_changes.cannot_go_with(item, accessory))
    elif len(with_it) >= MOST_ACCESSORIES:
        return Chat(texts_of_changes.too_many_accessories(MOST_ACCESSORIES))
    else:
        known.add(item, accessory)
    return Chat(texts_of_changes.goes_with(item, inventory.with_it(call.community.id, item)))


def _changed(call: Call, inventory: Inventory, item: StockItem, **parts: object) -> Chat:
    """Who waits may have it now. The item is locked before."""
    changed = inventory.change(call.community.id, item, **parts)
    if changed is None:
        return Chat(texts_of_changes.name_is_taken(str(parts["name"])))
    details = {SAID.get(name, name): _said(value) for name, value in parts.items()}
    _note(call, inventory, item, ItemAction.UPDATE, details)
    deeds.keep_for_next(call, inventory, changed)
    return Chat(texts_of_changes.changed(changed))


def _said(value: object) -> str:
    return "off" if value is None else str(value)


def _note(
    call: Call,
    inventory: Inventory,
    item: StockItem,
    action: ItemAction,
    details: Mapping[str, str],
) -> None:
    inventory.history.note(
        call.community.id, item, action, by=asking(call), at=call.occurred_at, details=details
    )


COMMANDS = (edit, state, warn, labels, accessories)
