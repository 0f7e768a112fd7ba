"""What happens to a thing when it changes hands: one function a deed, whoever asks for it.

Each locks the thing first, so what is decided is about it as it is.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from functions.modules.inventory.items import Condition, HandedOut, ItemAction, Loan, StockItem
from functions.modules.inventory.people import Borrower, asking, asking_later
from functions.modules.inventory.store import Inventory
from functions.modules.inventory.typed import Lending
from functions.modules.inventory.waiting import Waiter
from waddlebot_sdk import Call

MOST_HOURS = 30 * 24


def lend(
    call: Call, inventory: Inventory, item: StockItem, lending: Lending, *, to: Borrower
) -> HandedOut | None:
    """With one of each that goes with it, as far as that is there. None as of `_lend`.

    `to` has it as one person, whichever of the accounts asks.
    """
    to = inventory.accounts.whole(call.community.id, to)
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
    own = inventory.loans.of_them(now, to)
    loan = inventory.loans.lend(
        community,
        now,
        lending.quantity,
        to=own.borrower if own else to,
        at=at,
        until=lending.until,
        kept=kept,
    )
    if loan is None:
        return None
    for one in line:
        if one.borrower.is_same(to):
            inventory.waiting.leave(community, one)
    remind(call, inventory, loan)
    keep_for_next(call, inventory, now)
    _note(call, inventory, now, ItemAction.CHECKOUT, loan, quantity=lending.quantity)
    return loan


def take_back_with_it(
    call: Call, inventory: Inventory, item: StockItem, loan: Loan
) -> tuple[str, ...]:
    """One of each that goes with it, as far as the same person has it. Their names."""
    back: list[str] = []
    for accessory in inventory.with_it(call.community.id, item):
        own = inventory.loans.of_them(accessory, loan.borrower)
        if own and take_back(call, inventory, accessory, own, 1):
            back.append(accessory.name)
    return tuple(back)


def take_back(call: Call, inventory: Inventory, item: StockItem, loan: Loan, quantity: int) -> bool:
    """What is back is kept for who waits. False where it is not out any more."""
    now = inventory.lock(item)
    # What this person has now: somebody may have brought some of it back a moment ago.
    left = inventory.loans.find(call.community.id, loan.id) if now else None
    if now is None or left is None or left.quantity < quantity:
        return False
    if quantity == left.quantity:
        inventory.reminders.cancel(call.community.id, left)
    if not inventory.loans.give_back(left, quantity, at=call.occurred_at):
        return False
    keep_for_next(call, inventory, now)
    _note(call, inventory, now, ItemAction.CHECKIN, loan, quantity=quantity)
    return True


def remind(call: Call, inventory: Inventory, loan: Loan) -> None:
    """Where the person took it, or where it was lent to them."""
    hours = max(0, min(int(call.config["remind_hours"]), MOST_HOURS))
    later = asking_later(call)
    if not loan.borrower.is_same(inventory.accounts.whole(call.community.id, asking(call))):
        known = inventory.reminders.later(loan)
        later = known or msgspec.structs.replace(later, user=loan.borrower.speaker, private=False)
    inventory.reminders.plan(
        call.community.id, loan, later=later, at=call.occurred_at, before=timedelta(hours=hours)
    )


def wait_for(call: Call, inventory: Inventory, item: StockItem, quantity: int) -> Waiter | None:
    """In line, and first in it kept at once where it is there; None: in line already, or gone."""
    now, community = inventory.lock(item), call.community.id
    who = inventory.accounts.whole(community, asking(call))
    if now is None or any(one.borrower.is_same(who) for one in inventory.waiting.of_item(now)):
        return None
    inventory.waiting.join(
        community, now, quantity, who=who, later=asking_later(call), at=call.occurred_at
    )
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
        # There may be fewer in all by now: nobody waits for ever for what cannot come.
        wanted = min(one.quantity, now.quantity)
        if wanted > free:
            return
        free -= wanted
        is_told = told is not None and one.borrower.is_same(told)
        inventory.waiting.keep(
            call.community.id, one, wanted, at=call.occurred_at, until=until, is_told=is_told
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
    """None where somebody else waits for it, or it is back."""
    now = inventory.lock(item)
    if now is None or others_waiting(call, inventory, now, loan):
        return None
    longer = inventory.loans.extend(loan, until)
    if longer:
        remind(call, inventory, longer)
        _note(call, inventory, now, ItemAction.EXTEND, longer, quantity=longer.quantity)
    return longer


def others_waiting(call: Call, inventory: Inventory, item: StockItem, loan: Loan) -> list[Waiter]:
    """The line without whoever has it: they may wait for more of it."""
    who = inventory.accounts.whole(call.community.id, loan.borrower)
    return [one for one in inventory.waiting.of_item(item) if not one.borrower.is_same(who)]


def delete(call: Call, inventory: Inventory, item: StockItem) -> list[Loan]:
    """Whoever waits or asks for it is told where they did; answers who has it. The item is locked
    before."""
    community, at = call.community.id, call.occurred_at
    loans = inventory.loans.of_item(item)
    for loan in loans:
        inventory.reminders.cancel(community, loan)
    for waiter in inventory.waiting.of_item(item):
        inventory.waiting.leave(community, waiter)
        inventory.waiting.tell_gone(community, waiter, at=at)
    for request in inventory.requests.of_item(community, item):
        inventory.requests.answer(community, request, at=at, what="gone")
    inventory.remove(item)
    return loans


def _hold(call: Call) -> timedelta:
    return timedelta(hours=max(0, min(int(call.config["hold_hours"]), MOST_HOURS)))


def _note(
    call: Call,
    inventory: Inventory,
    item: StockItem,
    action: ItemAction,
    loan: Loan,
    *,
    quantity: int,
) -> None:
    until = loan.until.isoformat() if loan.until and action is not ItemAction.CHECKIN else ""
    inventory.history.note(
        call.community.id,
        item,
        action,
        by=asking(call),
        at=call.occurred_at,
        holder=loan.borrower,
        details={"quantity": quantity, "until": until},
    )
