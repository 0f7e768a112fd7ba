"""Sentences about who waits for something, and who asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from functions.modules.inventory.items import Condition, HandedOut, Loan, StockItem
from functions.modules.inventory.reminders import Reminded
from functions.modules.inventory.requests import LendingRequest
from functions.modules.inventory.texts import (
    BETWEEN,
    LIST,
    holders,
    is_or_are,
    many,
    name_of,
    not_left,
    typed_name,
    until,
    who,
    with_it,
)
from functions.modules.inventory.waiting import Waiter
from waddlebot_sdk import say_command
from waddlebot_sdk.pages import Pages
from waddlebot_sdk.shown import show_time


def not_lent(
    item: StockItem, loans: Sequence[Loan], line: Sequence[Waiter], *, at: datetime
) -> str:
    """Why nobody gets it now: what is wrong with it, who has it, or for whom it is kept."""
    if item.condition is not Condition.FINE:
        return f"{name_of(item.name)} {_WRONG[item.condition]}, so it is not lent."
    kept = [one for one in line if one.holds(at)]
    if item.left and kept:
        if item.is_single:
            return f"{name_of(item.name)} is kept for {who(kept[0].borrower)}{_kept(kept[0])}."
        for_whom = ", ".join(f"{one.quantity} for {who(one.borrower)}{_kept(one)}" for one in kept)
        here = f"{many(item.left, item.name)} {is_or_are(item.left)} here"
        return f"{here}, kept: {for_whom}."
    hint = say_command(f"inventory reserve {typed_name(item.name)}")
    return f"{not_left(item, loans)} Wait for it: {hint}"


def kept_for_you(waiter: Waiter) -> str:
    take = say_command(f"inventory take {typed_name(waiter.item_name)}")
    what = f"{many(waiter.quantity, waiter.item_name)} {is_or_are(waiter.quantity)}"
    return f"{what} kept for you{_kept(waiter)}: {take}"


def you_wait(item: StockItem, place: int, loans: Sequence[Loan]) -> str:
    return f"You are number {place} in line for {name_of(item.name)}.{holders(loans)}"


def you_wait_already(item: StockItem) -> str:
    leave = say_command(f"inventory unreserve {typed_name(item.name)}")
    return f"You are in line for {name_of(item.name)} already. Leave it with {leave}"


def too_many_wanted(item: StockItem) -> str:
    return f"There are {item.quantity} {name_of(item.name)} in all."


def too_many_waits(most: int) -> str:
    return f"You wait for {most} things already, and for no more at a time."


def you_left(item: StockItem) -> str:
    return f"You wait no more for {name_of(item.name)}."


def you_do_not_wait(item: StockItem) -> str:
    return f"You are not in line for {name_of(item.name)}."


def told_gone(name: str, item: str) -> str:
    return f"{name}: {name_of(item)} is deleted, and nobody can have it. What there is: {LIST}"


def taken_back(item: StockItem) -> str:
    return f"You ask no more for {name_of(item.name)}."


def long_enough(loan: Loan) -> str:
    later = say_command(f"inventory extend {typed_name(loan.item_name)} until <day>")
    day = until(loan) or " without a day"
    return f"{who(loan.borrower)} has {name_of(loan.item_name)}{day} already. Another day: {later}"


def too_many_of_yours(most: int) -> str:
    leave = say_command("inventory unreserve <item>")
    return f"You asked for {most} things already. Wait for an answer, or take one back: {leave}"


def told_kept(waiter: Waiter) -> str:
    return f"{who(waiter.borrower)}: {kept_for_you(waiter)}"


def told_kept_no_more(waiter: Waiter) -> str:
    again = say_command(f"inventory reserve {typed_name(waiter.item_name)}")
    what = f"{many(waiter.quantity, waiter.item_name)} {is_or_are(waiter.quantity)}"
    return f"{who(waiter.borrower)}: {what} kept for you no more. Once more: {again}"


def called() -> str:
    """What is said later, where a rule forbids its words."""
    return f"news of the inventory: {say_command('inventory mine')}"


def next_one(line: Sequence[Waiter], at: datetime) -> str:
    """For whom it is kept; empty where it is for nobody."""
    kept = [one for one in line if one.holds(at)]
    if not kept:
        return ""
    return f" It is kept for {who(kept[0].borrower)}{_kept(kept[0])}."


def reminded(loan: Loan, kind: Reminded, line: Sequence[Waiter]) -> str:
    """`line` waits for it."""
    day = "now" if kind is Reminded.NOW else _at(loan).strip()
    what = f"{many(loan.quantity, loan.item_name)} {is_or_are(loan.quantity)} due back {day}"
    start = f"⏰ {who(loan.borrower)}: {what}."
    give_back = say_command(f"inventory return {typed_name(loan.item_name)}")
    if line:
        return f"{start} {who(line[0].borrower)} waits for it. Give it back with {give_back}"
    longer = say_command(f"inventory extend {typed_name(loan.item_name)}")
    return f"{start} Give it back with {give_back} or keep it with {longer}"


def late(loans: Sequence[Loan], page: int, *, again: str, room: int) -> str:
    lines = [
        f"{many(one.quantity, one.item_name)} ({who(one.borrower)}, due{_at(one)})" for one in loans
    ]
    return Pages(again=again, room=room, heading="Late: ", between=BETWEEN, end="").say(lines, page)


def none_late() -> str:
    return "Nothing is late."


def waiting(item: StockItem, line: Sequence[Waiter], page: int, *, again: str, room: int) -> str:
    lines = [
        f"{place}. {who(one.borrower)}{_many(one)}{_kept(one)}" for place, one in enumerate(line, 1)
    ]
    heading = f"In line for {name_of(item.name)}: "
    return Pages(again=again, room=room, heading=heading, between=BETWEEN, end="").say(lines, page)


def nobody_waits(item: StockItem) -> str:
    return f"Nobody waits for {name_of(item.name)}."


def extended(loan: Loan) -> str:
    return f"{who(loan.borrower)} has {many(loan.quantity, loan.item_name)}{until(loan)} now."


def somebody_waits(loan: Loan, line: Sequence[Waiter]) -> str:
    waits = f"{who(line[0].borrower)} waits for {name_of(loan.item_name)}"
    if loan.until is None:
        return f"{waits}: bring it back, please."
    return f"{waits}, so it comes back at {show_time(loan.until)}."


def asked(request: LendingRequest) -> str:
    accept, refuse = (
        say_command(f"inventory {verb} {request.number}") for verb in ("accept", "refuse")
    )
    return f"Request {_asked(request)}. A moderator answers: {accept} or {refuse}"


def asked_already(item: StockItem) -> str:
    leave = say_command(f"inventory unreserve {typed_name(item.name)}")
    return (
        f"You asked for {name_of(item.name)} already; a moderator has to answer. "
        f"You want it no more: {leave}"
    )


def too_many_requests(most: int) -> str:
    return f"{most} requests wait for an answer already. A moderator sees them: {REQUESTS}"


def requests(found: Sequence[LendingRequest], page: int, *, again: str, room: int) -> str:
    lines = [_asked(one) for one in found]
    pages = Pages(again=again, room=room, heading="Requests: ", between=BETWEEN, end="")
    return pages.say(lines, page)


def no_requests() -> str:
    return "Nobody asks for anything."


def no_request(number: int) -> str:
    return f"There is no request #{number}, or it was answered. Those that are open: {REQUESTS}"


def accepted(handed: HandedOut) -> str:
    return f"Accepted. {extended(handed.loan)}{with_it(handed)}"


def refused(request: LendingRequest) -> str:
    what = many(request.quantity, request.item_name)
    return f"Refused: {who(request.borrower)} does not get {what}."


def told_accepted(name: str, item: str, quantity: int, ends: datetime | None) -> str:
    day = f" until {show_time(ends)}" if ends else ""
    return f"{name}: your request is accepted, you have {many(quantity, item)}{day} now."


def told_refused(name: str, item: str, reason: str) -> str:
    why = f": {reason}" if reason else f". What there is: {LIST}"
    return f"{name}: your request for {name_of(item)} is refused{why}"


def _asked(request: LendingRequest) -> str:
    day = f" until {show_time(request.until)}" if request.until else ""
    return (
        f"#{request.number}: {who(request.borrower)} asks for "
        f"{many(request.quantity, request.item_name)}{day}"
    )


def _at(loan: Loan) -> str:
    return f" at {show_time(loan.until)}" if loan.until else ""


def _many(waiter: Waiter) -> str:
    return f" ({waiter.quantity})" if waiter.quantity > 1 else ""


def _kept(waiter: Waiter) -> str:
    return f" until {show_time(waiter.kept_until)}" if waiter.kept_until else ""


REQUESTS = say_command("inventory requests")
_WRONG = {
    Condition.BROKEN: "is broken",
    Condition.REPAIR: "is being repaired",
    Condition.LOST: "is lost",
}
