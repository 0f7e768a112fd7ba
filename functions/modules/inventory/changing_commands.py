"""What moderators change about a thing: its parts, condition, labels, and when it is low."""

from __future__ import annotations

from collections.abc import Mapping

from functions.modules.inventory import deeds, texts, texts_of_changes, typed
from functions.modules.inventory.completing import items
from functions.modules.inventory.items import Action, Condition, StockItem
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
        raise NotUnderstood(texts.no_part(part, PARTS))
    now = inventory.lock(item) or item
    match part:
        case "name":
            wanted: dict[str, object] = {"name": typed.read_name(call.in_words(value))}
        case "description":
            wanted = {"description": typed.read_description(call.in_words(value))}
        case _:
            wanted = {"quantity": typed.read_count(value)}
            if int(str(wanted["quantity"])) < now.taken:
                return Chat(texts_of_changes.so_many_out(now))
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
    return _changed(call, inventory, item, condition=Condition(condition))


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
    return _changed(call, inventory, item, low_at=low_at)


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
    now = inventory.lock(item) or item
    if verb == "remove":
        if not inventory.unlabel(now, label):
            return Chat(texts_of_changes.no_label(now, label))
    elif label in now.labels:
        return Chat(texts_of_changes.label_exists(now, label))
    elif len(now.labels) >= typed.MOST_LABELS:
        return Chat(texts.too_many_labels(typed.MOST_LABELS))
    else:
        inventory.label(now, label)
    action = Action.LABEL_REMOVE if verb == "remove" else Action.LABEL_ADD
    _note(call, inventory, now, action, {"label": label})
    return Chat(texts_of_changes.labelled(inventory.lock(now) or now))


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
    """Who waits may have it now."""
    changed = inventory.change(item, **parts)
    if changed is None:
        return Chat(texts_of_changes.name_is_taken(str(parts["name"])))
    details = {SAID.get(name, name): _said(value) for name, value in parts.items()}
    _note(call, inventory, item, Action.UPDATE, details)
    deeds.keep_for_next(call, inventory, changed)
    return Chat(texts_of_changes.changed(changed))


def _said(value: object) -> str:
    return "off" if value is None else str(value)


def _note(
    call: Call,
    inventory: Inventory,
    item: StockItem,
    action: Action,
    details: Mapping[str, str],
) -> None:
    inventory.history.note(
        call.community.id, item, action, by=asking(call), at=call.occurred_at, details=details
    )


COMMANDS = (edit, state, warn, labels, accessories)
