"""Things change hands: taken, lent, brought back."""

from __future__ import annotations

from functions.modules.inventory import deeds, request_commands, texts, texts_of_waiting, typed
from functions.modules.inventory.completing import items
from functions.modules.inventory.items import Listed, Loan, StockItem
from functions.modules.inventory.people import asking
from functions.modules.inventory.refusing import why_not
from functions.modules.inventory.store import Inventory
from functions.modules.inventory.typed import PER_MINUTE
from waddlebot_sdk import Answer, Call, Chat, NotUnderstood, Role, command


@command(
    "inventory take <item> [count] [until]",
    "Take a thing, or several of one, until a day.",
    example="inventory take camera until friday",
    also=("inv take",),
    per_minute=PER_MINUTE,
    completes={"item": items(Listed.AVAILABLE)},
)
def take(call: Call, inventory: Inventory) -> Answer:
    item, rest = typed.find_item(call, inventory, call.text)
    lending = typed.read_lending(call, rest)
    if request_commands.has_to_ask(call):
        return request_commands.ask(call, inventory, item, lending)
    handed = deeds.lend(call, inventory, item, lending, to=asking(call))
    if handed is None:
        return Chat(why_not(call, inventory, item, to=asking(call)))
    return Chat(texts.taken(handed, inventory.find(call.community.id, item.number)))


@command(
    "inventory checkout <item> <person> [count] [until]",
    "Lend a thing, or several of one, to somebody.",
    example="inventory checkout camera @ana until friday",
    also=("inv checkout",),
    role=Role.MODERATOR,
    per_minute=PER_MINUTE,
    completes={"item": items(Listed.AVAILABLE)},
)
def checkout(call: Call, inventory: Inventory) -> Answer:
    item, rest = typed.find_item(call, inventory, call.text)
    person, rest = typed.read_person(call, rest)
    handed = deeds.lend(call, inventory, item, typed.read_lending(call, rest), to=person)
    if handed is None:
        return Chat(why_not(call, inventory, item, to=person))
    return Chat(texts.lent(handed, inventory.find(call.community.id, item.number)))


@command(
    "inventory return <item> [count]",
    "Bring back what you have, or some of it.",
    example="inventory return camera",
    also=("inv return",),
    per_minute=PER_MINUTE,
    completes={"item": items(Listed.OUT)},
)
def give_back(call: Call, inventory: Inventory) -> Answer:
    found, rest = typed.find_item(call, inventory, call.text)
    item, community = typed.hold(inventory, found), call.community.id
    own = inventory.loans.of_person(community, inventory.accounts.whole(community, asking(call)))
    loan = next((loan for loan in own if loan.item_id == item.id), None)
    if loan is None:
        return Chat(texts.not_yours(item, inventory.loans.of_item(item)))
    return _taken_back(call, inventory, item, loan, typed.read_quantity(rest))


@command(
    "inventory checkin <item> [person] [count]",
    "Say that a thing is back, of whoever has it.",
    example="inventory checkin camera",
    also=("inv checkin",),
    role=Role.MODERATOR,
    per_minute=PER_MINUTE,
    completes={"item": items(Listed.OUT)},
)
def checkin(call: Call, inventory: Inventory) -> Answer:
    found, rest = typed.find_item(call, inventory, call.text)
    item = typed.hold(inventory, found)
    loans = inventory.loans.of_item(item)
    if not loans:
        return Chat(texts.not_out(item))
    if len(loans) == 1 and (not rest or typed.is_quantity(rest)):
        return _taken_back(call, inventory, item, loans[0], typed.read_quantity(rest))
    if not rest:
        return Chat(texts.whose(item, loans))
    person, rest = typed.read_person(call, rest)
    loan = inventory.loans.of_them(item, inventory.accounts.whole(call.community.id, person))
    if loan is None:
        return Chat(texts.not_theirs(item, person))
    return _taken_back(call, inventory, item, loan, typed.read_quantity(rest))


def _taken_back(
    call: Call, inventory: Inventory, item: StockItem, loan: Loan, quantity: int | None
) -> Chat:
    """All of it where no number is said."""
    many = quantity or loan.quantity
    if many > loan.quantity:
        raise NotUnderstood(texts.has_fewer(loan))
    if not deeds.take_back(call, inventory, item, loan, many):
        return Chat(texts.not_out(item))
    is_all = many == loan.quantity
    with_it = deeds.take_back_with_it(call, inventory, item, loan) if is_all else ()
    line = inventory.waiting.of_item(item)
    next_one = texts_of_waiting.next_one(line, call.occurred_at)
    return Chat(texts.back(loan, many, with_it, next_one))


COMMANDS = (take, checkout, give_back, checkin)
