"""What moderators do with the things themselves: add, delete."""

from __future__ import annotations

from functions.modules.inventory import deeds, texts, typed
from functions.modules.inventory.completing import items
from functions.modules.inventory.items import ItemAction, Loan
from functions.modules.inventory.people import asking
from functions.modules.inventory.store import Inventory
from functions.modules.inventory.typed import PER_MINUTE
from waddlebot_sdk import Answer, Call, Chat, Role, command

MOST_ITEMS = 5000


@command(
    "inventory add <item> [count] [description] [labels]",
    "Add a thing to lend, or many of one: x12. Labels begin with #.",
    example='inventory add camera "Sony A7" #video',
    also=("inv add",),
    role=Role.MODERATOR,
    per_minute=PER_MINUTE,
)
def add(call: Call, inventory: Inventory) -> Answer:
    new, community, by = typed.read_new(call), call.community.id, asking(call)
    if inventory.count(community) >= MOST_ITEMS:
        return Chat(texts.too_many_items(MOST_ITEMS))
    inventory.hold_names(community)  # so that no number is used up by what is there already
    if known := inventory.find_called(community, new.name):
        return Chat(texts.exists(known))
    item = inventory.add(community, new, by=by)
    if item is None:
        return Chat(texts.no_such(new.name, ""))
    inventory.history.note(
        community,
        item,
        ItemAction.ADD,
        by=by,
        at=call.occurred_at,
        details={"quantity": new.quantity},
    )
    return Chat(texts.added(item))


@command(
    "inventory delete <item>",
    "Delete a thing; its history stays, also who has it.",
    example="inventory delete camera",
    also=("inv delete",),
    role=Role.ADMIN,
    per_minute=PER_MINUTE,
    completes={"item": items()},
)
def delete(call: Call, inventory: Inventory) -> Answer:
    item = typed.hold(inventory, typed.find_whole(call, inventory))
    loans = deeds.delete(call, inventory, item)
    had: list[Loan | None] = [*loans] or [None]
    for one in had:
        inventory.history.note(
            call.community.id,
            item,
            ItemAction.DELETE,
            by=asking(call),
            at=call.occurred_at,
            holder=one.borrower if one else None,
            details={"quantity": one.quantity if one else item.quantity},
        )
    return Chat(texts.deleted(item, loans))


COMMANDS = (add, delete)
