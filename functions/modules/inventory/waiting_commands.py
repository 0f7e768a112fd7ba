"""Things that are out are waited for, and those who wait are told."""

from __future__ import annotations

from functions.modules.inventory import deeds, texts, typed
from functions.modules.inventory import texts_of_waiting as words
from functions.modules.inventory.completing import items
from functions.modules.inventory.items import Listed, Loan, StockItem
from functions.modules.inventory.looking_commands import room_in
from functions.modules.inventory.people import asking
from functions.modules.inventory.store import Inventory
from functions.modules.inventory.typed import PER_MINUTE
from waddlebot_sdk import Answer, Call, Chat, Role, command, say_command
from waddlebot_sdk.pages import take_page

MOST_WAITS = 25


@command(
    "inventory reserve <item> [count]",
    "Have a thing kept for you, or stand in line for it.",
    example="inventory reserve camera",
    also=("inv reserve",),
    per_minute=PER_MINUTE,
    completes={"item": items()},
)
def reserve(call: Call, inventory: Inventory) -> Answer:
    found, rest = typed.find_item(call, inventory, call.text)
    quantity = typed.read_quantity(rest) or 1
    item, community = typed.hold(inventory, found), call.community.id
    who = inventory.accounts.whole(community, asking(call))
    if quantity > item.quantity:
        return Chat(words.too_many_wanted(item))
    own = inventory.loans.of_them(item, who)
    if own and item.is_single:
        return Chat(texts.you_have_it(own))
    mine = inventory.waiting.of_person(community, who.every_account)
    if len(mine) >= MOST_WAITS:
        return Chat(words.too_many_waits(MOST_WAITS))
    waiter = deeds.wait_for(call, inventory, item, quantity)
    if waiter is None:
        return Chat(words.you_wait_already(item))
    if waiter.kept_until:
        return Chat(words.kept_for_you(waiter))
    line = inventory.waiting.of_item(item)
    place = [one.id for one in line].index(waiter.id) + 1
    return Chat(words.you_wait(item, place, inventory.loans.of_item(item)))


@command(
    "inventory unreserve <item>",
    "Wait for a thing no more, or take back what you asked for.",
    example="inventory unreserve camera",
    also=("inv unreserve",),
    per_minute=PER_MINUTE,
    completes={"item": items()},
)
def unreserve(call: Call, inventory: Inventory) -> Answer:
    item, community = typed.hold(inventory, typed.find_whole(call, inventory)), call.community.id
    who = inventory.accounts.whole(community, asking(call))
    line, asked = inventory.waiting.of_item(item), inventory.requests.of_item(community, item)
    own = next((one for one in line if one.borrower.is_same(who)), None)
    if own and deeds.keep_no_more(call, inventory, own):
        return Chat(words.you_left(item))
    if request := next((one for one in asked if one.borrower.is_same(who)), None):
        inventory.requests.drop(community, request)
        return Chat(words.taken_back(item))
    return Chat(words.you_do_not_wait(item))


@command(
    "inventory waiting <item>",
    "List who waits for a thing.",
    example="inventory waiting camera",
    also=("inv waiting",),
    per_minute=PER_MINUTE,
    completes={"item": items()},
)
def waiting(call: Call, inventory: Inventory) -> Answer:
    text, page = take_page(call.text)
    item, _ = typed.find_item(call, inventory, text)
    line = inventory.waiting.of_item(item)
    if not line:
        return Chat(words.nobody_waits(item))
    again = say_command(f"inventory waiting {texts.typed_name(item.name)} page")
    return Chat(words.waiting(item, line, page, again=again, room=room_in(call)))


@command(
    "inventory extend <item> [until]",
    "Keep what you have for longer, if nobody waits for it.",
    example="inventory extend camera until friday",
    also=("inv extend",),
    per_minute=PER_MINUTE,
    completes={"item": items(Listed.OUT)},
)
def extend(call: Call, inventory: Inventory) -> Answer:
    found, rest = typed.find_item(call, inventory, call.text)
    until = typed.read_until(call, rest)
    item = typed.hold(inventory, found)
    loan = _own_or_only(call, inventory, item)
    if loan is None:
        return Chat(texts.not_yours(item, inventory.loans.of_item(item)))
    if not rest and (loan.until is None or loan.until >= until):
        return Chat(words.long_enough(loan))
    if longer := deeds.extend(call, inventory, item, loan, until=until):
        return Chat(words.extended(longer))
    line = deeds.others_waiting(call, inventory, item, loan)
    return Chat(words.somebody_waits(loan, line) if line else texts.not_out(item))


def gone(call: Call, _inventory: Inventory) -> Answer:
    """What this person waited or asked for is deleted; told where they did."""
    name = call.user.name if call.user else ""
    return Chat(words.told_gone(name, call.data["item"]), notifies=True, called=words.called())


def kept(call: Call, inventory: Inventory) -> Answer:
    """Said once: who took it or left the line meanwhile is told nothing."""
    waiter = inventory.waiting.find(call.community.id, int(call.data["waiter"]))
    if waiter is None or not waiter.holds(call.occurred_at):
        return None
    return Chat(words.told_kept(waiter), notifies=True, called=words.called())


def kept_no_more(call: Call, inventory: Inventory) -> Answer:
    waiter = inventory.waiting.find(call.community.id, int(call.data["waiter"]))
    if waiter is None or waiter.holds(call.occurred_at):
        return None
    if not deeds.keep_no_more(call, inventory, waiter):
        return None
    return Chat(words.told_kept_no_more(waiter), notifies=True, called=words.called())


def _own_or_only(call: Call, inventory: Inventory, item: StockItem) -> Loan | None:
    """What the asking person has; a moderator also means that of the only one who has it."""
    who = inventory.accounts.whole(call.community.id, asking(call))
    own = inventory.loans.of_person(call.community.id, who)
    loan = next((loan for loan in own if loan.item_id == item.id), None)
    loans = inventory.loans.of_item(item)
    is_moderator = call.user is not None and call.user.role.covers(Role.MODERATOR)
    return loan or (loans[0] if is_moderator and len(loans) == 1 else None)


COMMANDS = (reserve, unreserve, waiting, extend)
