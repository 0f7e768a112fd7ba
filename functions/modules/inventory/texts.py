"""Every sentence that people read; nothing here decides anything."""

from __future__ import annotations

from collections.abc import Sequence

from functions.modules.inventory.items import (
    Condition,
    FoundItems,
    HandedOut,
    Listed,
    Loan,
    StockItem,
)
from functions.modules.inventory.people import Borrower
from waddlebot_sdk import say_command
from waddlebot_sdk.grammar import one_word
from waddlebot_sdk.pages import Pages
from waddlebot_sdk.shown import show_time

PREVIEW_CHARACTERS = 40
NAME_CHARACTERS = 60
MOST_NAMED = 3
BETWEEN = " · "
ROOM_FOR_TIMES = 50
LIST = say_command("inventory list")
VERBS = (
    "list",
    "show",
    "search",
    "take",
    "return",
    "mine",
    "reserve",
    "unreserve",
    "waiting",
    "extend",
    "late",
    "history",
    "stats",
    "add",
    "edit",
    "state",
    "labels",
    "accessories",
    "warn",
    "checkout",
    "checkin",
    "requests",
    "accept",
    "refuse",
    "export",
    "import",
    "delete",
)
SOMEBODY = "somebody"
_HEADINGS = {
    Listed.ALL: "Inventory",
    Listed.AVAILABLE: "Available",
    Listed.OUT: "Out",
    Listed.LOW: "Low",
}


def added(item: StockItem) -> str:
    about = f": {cut(item.description, NAME_CHARACTERS)}" if item.description else ""
    labels = f" Labels: {', '.join(item.labels)}." if item.labels else ""
    return f"Added {many(item.quantity, item.name)} as #{item.number}{about}.{labels}"


def exists(item: StockItem) -> str:
    return f"There is {name_of(item.name)} already: #{item.number}."


def too_many_items(most: int) -> str:
    return f"There are {most} items already, and no more fit."


def taken(handed: HandedOut, item: StockItem | None) -> str:
    loan = handed.loan
    give_back = say_command(f"inventory return {typed_name(loan.item_name)}")
    what = many(loan.quantity, loan.item_name)
    more = f"{with_it(handed)}{low(item)}"
    return f"You have {what}{until(loan)} now.{more} Give it back with {give_back}"


def lent(handed: HandedOut, item: StockItem | None) -> str:
    loan = handed.loan
    what = many(loan.quantity, loan.item_name)
    return f"{who(loan.borrower)} has {what}{until(loan)} now.{with_it(handed)}{low(item)}"


def with_it(handed: HandedOut) -> str:
    """What goes with it, and what of that is not here."""
    lent, missing = (names_of(names) for names in (handed.with_it, handed.missing))
    said = f" With it: {lent}." if lent else ""
    return f"{said} Not here, though it goes with it: {missing}." if missing else said


def low(item: StockItem | None) -> str:
    """Nothing where there is enough."""
    if item is None or not item.is_low:
        return ""
    return f" That is low: {item.left} of {item.quantity} {name_of(item.name)} left."


def not_left(item: StockItem, loans: Sequence[Loan]) -> str:
    """Who has it, and until when."""
    if item.is_single and loans:
        return f"{who(loans[0].borrower)} has {name_of(item.name)}{until(loans[0])}."
    left = f"Only {item.left} of {item.quantity}" if item.left else f"None of {item.quantity}"
    return f"{left} {name_of(item.name)} {is_or_are(item.left)} here.{holders(loans)}"


def you_have_it(loan: Loan) -> str:
    name = typed_name(loan.item_name)
    longer, back = (say_command(f"inventory {verb} {name}") for verb in ("extend", "return"))
    have = f"You have {name_of(loan.item_name)} already{until(loan)}"
    return f"{have}. Keep it for longer with {longer} or give it back with {back}"


def back(loan: Loan, quantity: int, with_it: Sequence[str], next_one: str) -> str:
    """`with_it` came back too; `next_one` is for whom it is kept now, empty where nobody waits."""
    too = f" With it: {names_of(with_it)}." if with_it else ""
    left = loan.quantity - quantity
    rest = f" {who(loan.borrower)} has {left} still." if left else ""
    return f"{many(quantity, loan.item_name)} {is_or_are(quantity)} back.{too}{rest}{next_one}"


def not_yours(item: StockItem, loans: Sequence[Loan]) -> str:
    return f"You have no {name_of(item.name)}.{holders(loans)}"


def not_out(item: StockItem) -> str:
    return f"{name_of(item.name)} is not out."


def not_theirs(item: StockItem, person: Borrower) -> str:
    return f"{who(person)} has no {name_of(item.name)}."


def whose(item: StockItem, loans: Sequence[Loan]) -> str:
    typed = say_command(f"inventory checkin {typed_name(item.name)} <person>")
    return f"Several have {name_of(item.name)}: say whose is back, {typed}.{holders(loans)}"


def has_fewer(loan: Loan) -> str:
    return f"{who(loan.borrower)} has {loan.quantity} of {name_of(loan.item_name)}, not more."


def deleted(item: StockItem, loans: Sequence[Loan]) -> str:
    return f"Deleted #{item.number} {name_of(item.name)}; its history stays.{holders(loans)}"


def shown(
    item: StockItem,
    loans: Sequence[Loan],
    waiting: int,
    accessories: Sequence[StockItem],
    *,
    room: int,
) -> str:
    """All of it in one message; a long description is cut. `waiting` are in line for it."""
    wrong = "" if item.condition is Condition.FINE else f" ({item.condition})"
    start = f"#{item.number} {name_of(item.name)}{wrong}"
    end = f" Labels: {', '.join(item.labels)}." if item.labels else ""
    if accessories:
        end = f"{end} With it: {names_of([one.name for one in accessories])}."
    end = f"{end}{_where(item, loans)}{f' {waiting} in line for it.' if waiting else ''}"
    space = room - len(start) - len(end) - ROOM_FOR_TIMES * (2 * MOST_NAMED)
    if not item.description:
        return f"{start}.{end}"
    return f"{start}: {cut(item.description, max(space, PREVIEW_CHARACTERS))}.{end}"


def listed(
    found: FoundItems, holders: Sequence[Loan], page: int, *, listed: Listed, again: str, room: int
) -> str:
    lines = [_line(item, holders) for item in found.items]
    heading = f"{_HEADINGS[listed]}: "
    return Pages(again=again, room=room, heading=heading, between=BETWEEN, end="").say(lines, page)


def found(found: FoundItems, holders: Sequence[Loan], page: int, *, again: str, room: int) -> str:
    lines = [_line(item, holders) for item in found.items]
    return Pages(again=again, room=room, heading="Found: ", between=BETWEEN, end="").say(
        lines, page
    )


def none_found(typed: str) -> str:
    return f"Nothing has '{cut(typed)}' in it. What there is: {LIST}"


def none_listed(listed: Listed) -> str:
    if listed is Listed.LOW:
        return f"Nothing is low. What there is: {LIST}"
    if listed is Listed.OUT:
        return f"Nothing is out. What there is: {LIST}"
    if listed is Listed.AVAILABLE:
        return f"Nothing is here to be taken. What there is: {LIST}"
    return f"Nothing is in the inventory yet. A moderator adds it: {say_command('inventory add')}"


def mine(loans: Sequence[Loan], page: int, *, again: str, room: int) -> str:
    lines = [f"{many(loan.quantity, loan.item_name)}{until(loan)}" for loan in loans]
    pages = Pages(again=again, room=room, heading="You have: ", between=BETWEEN, end="")
    return pages.say(lines, page)


def none_mine() -> str:
    return f"You have nothing. What there is: {LIST}"


def no_such(typed: str, like: str) -> str:
    start = f"There is no '{cut(typed)}' in the inventory."
    return f"{start} Is it {name_of(like)}?" if like else f"{start} What there is: {LIST}"


def known_verbs(typed: str) -> str:
    whose = say_command("inventory")
    start = f"'{cut(typed)}' is nothing that {whose} does. It knows" if typed else "Say"
    return f"{start}: {', '.join(VERBS)}. Example: {LIST}"


def _line(item: StockItem, holders: Sequence[Loan]) -> str:
    wrong = "" if item.condition is Condition.FINE else f" ({item.condition})"
    start = f"#{item.number} {cut(item.name)}{wrong}"
    if not item.is_single:
        return f"{start} ({item.left} of {item.quantity})"
    has = [who(loan.borrower) for loan in holders if loan.item_id == item.id]
    return f"{start} ({has[0]})" if has else start


def _where(item: StockItem, loans: Sequence[Loan]) -> str:
    if not item.is_single:
        return f" {item.left} of {item.quantity} {is_or_are(item.left)} here.{holders(loans)}"
    if loans:
        since = show_time(loans[0].since)
        return f" {who(loans[0].borrower)} has it since {since}{until(loans[0])}."
    return f" It is here, back since {show_time(item.back_at)}." if item.back_at else " It is here."


def holders(loans: Sequence[Loan]) -> str:
    """The first few, with how many and until when."""
    if not loans:
        return ""
    said = [f"{who(loan.borrower)} has {loan.quantity}{until(loan)}" for loan in loans[:MOST_NAMED]]
    others = len(loans) - MOST_NAMED
    more = f", and {others} more have some" if others > 0 else ""
    return f" {', '.join(said)}{more}."


def until(loan: Loan) -> str:
    return f" until {show_time(loan.until)}" if loan.until else ""


def who(person: Borrower) -> str:
    return cut(person.name) if person.name else SOMEBODY


def name_of(name: str) -> str:
    return cut(name, NAME_CHARACTERS)


def typed_name(name: str) -> str:
    """As it may be typed."""
    return one_word(name) if len(name) <= NAME_CHARACTERS else "<item>"


def many(quantity: int, name: str) -> str:
    return name_of(name) if quantity == 1 else f"{quantity} x {name_of(name)}"


def names_of(names: Sequence[str]) -> str:
    """The first few."""
    others = len(names) - MOST_NAMED
    more = f" and {others} more" if others > 0 else ""
    return f"{', '.join(cut(name) for name in names[:MOST_NAMED])}{more}"


def is_or_are(quantity: int) -> str:
    return "is" if quantity == 1 else "are"


def cut(text: str, most: int = PREVIEW_CHARACTERS) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
