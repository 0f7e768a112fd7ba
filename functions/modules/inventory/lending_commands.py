"""Things change hands: taken, lent, brought back."""

from __future__ import annotations

from functions.modules.inventory import texts, typed
from functions.modules.inventory.completing import items
from functions.modules.inventory.items import Action, Listed, Loan, StockItem
from functions.modules.inventory.keeping_commands import PER_MINUTE
from functions.modules.inventory.people import Borrower, asking
from functions.modules.inventory.store import Inventory
from functions.modules.inventory.typed import Lending
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
    loan = lend(call, inventory, item, lending, to=asking(call))
    return Chat(texts.taken(loan)) if loan else _not_left(inventory, item, call)


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
    loan = lend(call, inventory, item, typed.read_lending(call, rest), to=person)
    return Chat(texts.lent(loan)) if loan else _not_left(inventory, item, call)


@command(
    "inventory return <item> [count]",
    "Bring back what you have, or some of it.",
    example="inventory return camera",
    also=("inv return",),
    per_minute=PER_MINUTE,
    completes={"item": items(Listed.OUT)},
)
def give_back(call: Call, inventory: Inventory) -> Answer:
    item, rest = typed.find_item(call, inventory, call.text)
    own = inventory.loans.of_person(call.community.id, asking(call))
    loan = next((loan for loan in own if loan.item_id == item.id), None)
    if loan is None:
        return Chat(texts.not_yours(item, inventory.loans.of_item(item)))
    return take_back(call, inventory, item, loan, typed.read_quantity(rest))


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
    item, rest = typed.find_item(call, inventory, call.text)
    loans = inventory.loans.of_item(item)
    if not loans:
        return Chat(texts.not_out(item))
    if len(loans) == 1 and (not rest or typed.is_quantity(rest)):
        return take_back(call, inventory, item, loans[0], typed.read_quantity(rest))
    if not rest:
        return Chat(texts.whose(item, loans))
    person, rest = typed.read_person(call, rest)
    loan = next((loan for loan in loans if _is_of(loan, person)), None)
    if loan is None:
        return Chat(texts.not_theirs(item, person))
    return take_back(call, inventory, item, loan, typed.read_quantity(rest))


def lend(
    call: Call, inventory: Inventory, item: StockItem, lending: Lending, *, to: Borrower
) -> Loan | None:
    """Noted in the history; None where so many are no longer there."""
    community, at, by = call.community.id, call.occurred_at, asking(call)
    loan = inventory.loans.lend(
        community, item, lending.quantity, to=to, at=at, until=lending.until
    )
    if loan:
        until = loan.until and loan.until.isoformat()
        note = inventory.history.note
        note(
            community,
            item,
            Action.CHECKOUT,
            by=by,
            at=at,
            holder=to,
            quantity=lending.quantity,
            until=until,
        )
    return loan


def take_back(
    call: Call, inventory: Inventory, item: StockItem, loan: Loan, quantity: int | None
) -> Chat:
    """All of it where no number is said."""
    many = quantity or loan.quantity
    if many > loan.quantity:
        raise NotUnderstood(texts.has_fewer(loan))
    at = call.occurred_at
    if not inventory.loans.give_back(loan, many, at=at):
        return Chat(texts.not_out(item))
    inventory.history.note(
        call.community.id,
        item,
        Action.CHECKIN,
        by=asking(call),
        at=at,
        holder=loan.borrower,
        quantity=many,
    )
    return Chat(texts.back(loan, many))


def _not_left(inventory: Inventory, item: StockItem, call: Call) -> Chat:
    """As it is now: somebody may have been quicker a moment ago."""
    now = inventory.find(call.community.id, item.number)
    if now is None:
        return Chat(texts.no_such(item.name, ""))
    return Chat(texts.not_left(now, inventory.loans.of_item(now)))


def _is_of(loan: Loan, person: Borrower) -> bool:
    """By id where both are known by it, else by login."""
    if loan.borrower.platform != person.platform:
        return False
    both = loan.borrower.id and person.id
    return loan.borrower.id == person.id if both else loan.borrower.login == person.login


COMMANDS = (take, checkout, give_back, checkin)
