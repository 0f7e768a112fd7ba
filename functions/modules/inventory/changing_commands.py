"""What moderators change about a thing: its parts, condition, labels, and when it is low."""

from __future__ import annotations

from functions.modules.inventory import deeds, texts, typed
from functions.modules.inventory.completing import items
from functions.modules.inventory.items import Action, Condition, StockItem
from functions.modules.inventory.people import asking
from functions.modules.inventory.store import Inventory
from functions.modules.inventory.typed import PER_MINUTE
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, Role, command

PARTS = ("name", "description", "count")
LABEL_VERBS = ("add", "remove")


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
                return Chat(texts.so_many_out(now))
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
            return Chat(texts.no_label(now, label))
    elif label in now.labels:
        return Chat(texts.label_exists(now, label))
    elif len(now.labels) >= typed.MOST_LABELS:
        return Chat(texts.too_many_labels(typed.MOST_LABELS))
    else:
        inventory.label(now, label)
    action = Action.LABEL_REMOVE if verb == "remove" else Action.LABEL_ADD
    _note(call, inventory, now, action, label=label)
    return Chat(texts.labelled(inventory.lock(now) or now))


def _changed(call: Call, inventory: Inventory, item: StockItem, **parts: object) -> Chat:
    """Who waits may have it now."""
    changed = inventory.change(item, **parts)
    if changed is None:
        return Chat(texts.name_is_taken(str(parts["name"])))
    _note(call, inventory, item, Action.UPDATE, **{k: str(v) for k, v in parts.items()})
    deeds.keep_for_next(call, inventory, changed)
    return Chat(texts.changed(changed))


def _note(
    call: Call, inventory: Inventory, item: StockItem, action: Action, **details: str
) -> None:
    by, at = asking(call), call.occurred_at
    inventory.history.note(call.community.id, item, action, by=by, at=at, **details)


COMMANDS = (edit, state, warn, labels)
