"""What happens to a thing when it changes hands: one function a deed, whoever asks for it.

Each locks the thing first, so what is decided is about it as it is.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from functions.modules.inventory.items import Action, Condition, HandedOut, Loan, StockItem
from functions.modules.inventory.people import Borrower, asking, asking_later
from functions.modules.inventory.store import Inventory
from functions.modules.inventory.typed import Lending
from functions.modules.inventory.waiting import Waiter
from waddlebot_sdk import Call

MOST_HOURS = 30 * 24


def lend(
    call: Call, inventory: Inventory, item: StockItem, lending: Lending, *, to: Borrower
) -> HandedOut | None:
    """With one of each that goes with it, as far as that is there. None as of `_lend`."""
    loan = _lend(call, inventory, item, lending, to=to)
    if loan is None:
        return None
    one_each = Lending(quantity=1, until=lending.until)
    lent: list[str] = []
    missing: list[str] = []
    for accessory in inventory.with_it(call.community.id, item):
        is_lent = _lend(call, inventory, accessory, one_each, to=to)
        (lent if is_lent else missing).append(accessory.name)
    return HandedOut(loan=loan, with_it=tuple(lent), missing=tuple(missing))


def _lend(
    call: Call, inventory: Inventory, item: StockItem, lending: Lending, *, to: Borrower
) -> Loan | None:
    """Noted in the history; None where so many are not there, or kept for others, or not fine."""
    community, at = call.community.id, call.occurred_at
    now = inventory.lock(item)
    if now is None or now.condition is not Condition.FINE:
        return None
    line = inventory.waiting.of_item(now)
    kept = sum(one.quantity for one in line if one.holds(at) and not one.borrower.is_same(to))
    loan = inventory.loans.lend(
        community, now, lending.quantity, to=to, at=at, until=lending.until, kept=kept
    )
    if loan is None:
        return None
    for one in line:
        if one.borrower.is_same(to):
            inventory.waiting.leave(community, one)
    remind(call, inventory, loan)
    keep_for_next(call, inventory, now)
    _note(call, inventory, now, Action.CHECKOUT, loan, quantity=lending.quantity)
    return loan


def take_back_with_it(
    call: Call, inventory: Inventory, item: StockItem, loan: Loan
) -> tuple[str, ...]:
    """One of each that goes with it, as far as the same person has it. Their names."""
    back: list[str] = []
    for accessory in inventory.with_it(call.community.id, item):
        loans = inventory.loans.of_item(accessory)
        own = next((one for one in loans if one.borrower.is_same(loan.borrower)), None)
        if own and take_back(call, inventory, accessory, own, 1):
            back.append(accessory.name)
    return tuple(back)


def take_back(call: Call, inventory: Inventory, item: StockItem, loan: Loan, quantity: int) -> bool:
    """What is back is kept for who waits. False where it is not out any more."""
    now = inventory.lock(item)
    if now is None:
        return False
    if quantity == loan.quantity:
        inventory.reminders.cancel(call.community.id, loan)
    if not inventory.loans.give_back(loan, quantity, at=call.occurred_at):
        return False
    keep_for_next(call, inventory, now)
    _note(call, inventory, now, Action.CHECKIN, loan, quantity=quantity)
    return True


def remind(call: Call, inventory: Inventory, loan: Loan) -> None:
    """Where the person took it, or where it was lent to them."""
    hours = max(0, min(int(call.config["remind_hours"]), MOST_HOURS))
    later = asking_later(call)
    if not loan.borrower.is_same(asking(call)):
        known = inventory.reminders.later(loan)
        later = known or msgspec.structs.replace(later, user=loan.borrower.speaker, private=False)
    inventory.reminders.plan(
        call.community.id, loan, later=later, at=call.occurred_at, before=timedelta(hours=hours)
    )


def wait_for(call: Call, inventory: Inventory, item: StockItem, quantity: int) -> Waiter | None:
    """In line, and first in it kept at once where it is there; None: in line already, or gone."""
    now, who, community = inventory.lock(item), asking(call), call.community.id
    if now is None or not inventory.waiting.join(
        community, now, quantity, who=who, later=asking_later(call), at=call.occurred_at
    ):
        return None
    keep_for_next(call, inventory, now, told=who)
    line = inventory.waiting.of_item(now)
    return next((one for one in line if one.borrower.is_same(who)), None)


def keep_for_next(
    call: Call, inventory: Inventory, item: StockItem, *, told: Borrower | None = None
) -> None:
    """Keeps what is there for those who wait, in their order; each is told where they asked.

    `told` reads it in the answer.
    """
    now = inventory.lock(item)
    until = call.occurred_at + _hold(call)
    if now is None or now.condition is not Condition.FINE or until == call.occurred_at:
        return
    line = inventory.waiting.of_item(now)
    free = now.left - sum(one.quantity for one in line if one.kept_until)
    for one in line:
        if one.kept_until:
            continue
        if one.quantity > free:
            return
        free -= one.quantity
        is_told = told is not None and one.borrower.is_same(told)
        inventory.waiting.keep(
            call.community.id, one, at=call.occurred_at, until=until, is_told=is_told
        )


def keep_no_more(call: Call, inventory: Inventory, waiter: Waiter) -> bool:
    """The time is over, or this person wants it no more: the next one in line has it kept."""
    item = inventory.find_by_id(call.community.id, waiter.item_id)
    if item is None or inventory.lock(item) is None:
        return False
    left = inventory.waiting.leave(call.community.id, waiter)
    keep_for_next(call, inventory, item)
    return left


def extend(
    call: Call, inventory: Inventory, item: StockItem, loan: Loan, *, until: datetime
) -> Loan | None:
    """None where somebody waits for it, or it is back."""
    now = inventory.lock(item)
    if now is None or inventory.waiting.of_item(now):
        return None
    longer = inventory.loans.extend(loan, until)
    if longer:
        remind(call, inventory, longer)
        _note(call, inventory, now, Action.EXTEND, longer, quantity=longer.quantity)
    return longer


def _hold(call: Call) -> timedelta:
    return timedelta(hours=max(0, min(int(call.config["hold_hours"]), MOST_HOURS)))


def _note(
    call: Call, inventory: Inventory, item: StockItem, action: Action, loan: Loan, *, quantity: int
) -> None:
    until = loan.until.isoformat() if loan.until and action is not Action.CHECKIN else ""
    inventory.history.note(
        call.community.id,
        item,
        action,
        by=asking(call),
        at=call.occurred_at,
        holder=loan.borrower,
        details={"quantity": quantity, "until": until},
    )
