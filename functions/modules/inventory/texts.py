"""Every sentence that people read; nothing here decides anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from functions.modules.inventory.items import (
    Action,
    Activity,
    FoundItems,
    Listed,
    Loan,
    StockItem,
)
from functions.modules.inventory.people import Borrower
from waddlebot_sdk import say_command
from waddlebot_sdk.grammar import one_word
from waddlebot_sdk.pages import Pages
from waddlebot_sdk.shown import Shown, show_time

PREVIEW_CHARACTERS = 40
NAME_CHARACTERS = 60
MOST_NAMED = 3
BETWEEN = " · "
ROOM_FOR_TIMES = 50
LIST = say_command("inventory list")
VERBS = (
    "add",
    "checkout",
    "checkin",
    "delete",
    "list",
    "show",
    "take",
    "return",
    "mine",
    "history",
)
SOMEBODY = "somebody"
_HEADINGS = {Listed.ALL: "Inventory", Listed.AVAILABLE: "Available", Listed.OUT: "Out"}


def added(item: StockItem) -> str:
    about = f": {_cut(item.description, NAME_CHARACTERS)}" if item.description else ""
    labels = f" Labels: {', '.join(item.labels)}." if item.labels else ""
    return f"Added {_many(item.quantity, item.name)} as #{item.number}{about}.{labels}"


def exists(item: StockItem) -> str:
    return f"There is {_name(item.name)} already: #{item.number}."


def too_many_items(most: int) -> str:
    return f"There are {most} items already, and no more fit."


def taken(loan: Loan) -> str:
    give_back = say_command(f"inventory return {_typed(loan.item_name)}")
    what = _many(loan.quantity, loan.item_name)
    return f"You have {what}{_until(loan)} now. Give it back with {give_back}"


def lent(loan: Loan) -> str:
    return f"{_who(loan.borrower)} has {_many(loan.quantity, loan.item_name)}{_until(loan)} now."


def not_left(item: StockItem, loans: Sequence[Loan]) -> str:
    """Who has it, and until when."""
    if item.is_single and loans:
        return f"{_who(loans[0].borrower)} has {_name(item.name)}{_until(loans[0])}."
    left = f"Only {item.left} of {item.quantity}" if item.left else f"None of {item.quantity}"
    return f"{left} {_name(item.name)} {_is(item.left)} here.{_holders(loans)}"


def back(loan: Loan, quantity: int) -> str:
    left = loan.quantity - quantity
    rest = f" {_who(loan.borrower)} has {left} still." if left else ""
    return f"{_many(quantity, loan.item_name)} {_is(quantity)} back.{rest}"


def not_yours(item: StockItem, loans: Sequence[Loan]) -> str:
    return f"You have no {_name(item.name)}.{_holders(loans)}"


def not_out(item: StockItem) -> str:
    return f"{_name(item.name)} is not out."


def not_theirs(item: StockItem, person: Borrower) -> str:
    return f"{_who(person)} has no {_name(item.name)}."


def whose(item: StockItem, loans: Sequence[Loan]) -> str:
    typed = say_command(f"inventory checkin {_typed(item.name)} <person>")
    return f"Several have {_name(item.name)}: say whose is back, {typed}.{_holders(loans)}"


def has_fewer(loan: Loan) -> str:
    return f"{_who(loan.borrower)} has {loan.quantity} of {_name(loan.item_name)}, not more."


def deleted(item: StockItem, loans: Sequence[Loan]) -> str:
    return f"Deleted #{item.number} {_name(item.name)}; its history stays.{_holders(loans)}"


def shown(item: StockItem, loans: Sequence[Loan], *, room: int) -> str:
    """All of it in one message; a long description is cut."""
    start = f"#{item.number} {_name(item.name)}"
    end = f" Labels: {', '.join(item.labels)}." if item.labels else ""
    end = f"{end}{_where(item, loans)}"
    space = room - len(start) - len(end) - ROOM_FOR_TIMES * (2 * MOST_NAMED)
    if not item.description:
        return f"{start}.{end}"
    return f"{start}: {_cut(item.description, max(space, PREVIEW_CHARACTERS))}.{end}"


def listed(
    found: FoundItems, holders: Sequence[Loan], page: int, *, listed: Listed, again: str, room: int
) -> str:
    lines = [_line(item, holders) for item in found.items]
    heading = f"{_HEADINGS[listed]}: "
    return Pages(again=again, room=room, heading=heading, between=BETWEEN, end="").say(lines, page)


def none_listed(listed: Listed) -> str:
    if listed is Listed.OUT:
        return f"Nothing is out. What there is: {LIST}"
    if listed is Listed.AVAILABLE:
        return f"Nothing is here to be taken. What there is: {LIST}"
    return f"Nothing is in the inventory yet. A moderator adds it: {say_command('inventory add')}"


def mine(loans: Sequence[Loan], page: int, *, again: str, room: int) -> str:
    lines = [f"{_many(loan.quantity, loan.item_name)}{_until(loan)}" for loan in loans]
    pages = Pages(again=again, room=room, heading="You have: ", between=BETWEEN, end="")
    return pages.say(lines, page)


def none_mine() -> str:
    return f"You have nothing. What there is: {LIST}"


def history(done: Iterable[Activity], page: int, *, again: str, room: int) -> str:
    pages = Pages(again=again, room=room, heading="", between=BETWEEN, end="")
    return pages.say([_happened(one) for one in done], page)


def no_history(typed: str) -> str:
    return f"Nothing is known of '{_cut(typed)}'. What there is: {LIST}"


def no_such(typed: str, like: str) -> str:
    start = f"There is no '{_cut(typed)}' in the inventory."
    return f"{start} Is it {_name(like)}?" if like else f"{start} What there is: {LIST}"


def no_name() -> str:
    example = say_command('inventory add "AA battery" x12')
    return f"An item has a name on one line, and begins with no #. Example: {example}"


def no_person() -> str:
    example = say_command("inventory checkout camera @ana")
    return f"Say who gets it. Example: {example}"


def no_quantity(typed: str) -> str:
    return f"'{_cut(typed)}' is no number of things. Say 3 or x3."


def quantity_bounds(most: int) -> str:
    return f"It is 1 at least and {most:,} at most."


def no_time(typed: str) -> str:
    example = say_command("inventory take camera until friday")
    return f"I do not know until when '{_cut(typed)}' is. Example: {example}"


def too_late() -> str:
    return "Nobody keeps a thing for more than two years. Say an earlier day."


def no_listed(typed: str) -> str:
    return f"I list all, available or out, not '{_cut(typed)}'. Try: {LIST}"


def too_many_labels(most: int) -> str:
    return f"An item has {most} labels at most."


def too_long(characters: int, most: int) -> str:
    return f"That is {characters} characters long; at most {most} can be kept."


def known_verbs(typed: str) -> str:
    whose = say_command("inventory")
    start = f"'{_cut(typed)}' is nothing that {whose} does. It knows" if typed else "Say"
    return f"{start}: {', '.join(VERBS)}. Example: {LIST}"


def _line(item: StockItem, holders: Sequence[Loan]) -> str:
    start = f"#{item.number} {_cut(item.name)}"
    if not item.is_single:
        return f"{start} ({item.left} of {item.quantity})"
    has = [_who(loan.borrower) for loan in holders if loan.item_id == item.id]
    return f"{start} ({has[0]})" if has else start


def _where(item: StockItem, loans: Sequence[Loan]) -> str:
    if not item.is_single:
        return f" {item.left} of {item.quantity} {_is(item.left)} here.{_holders(loans)}"
    if loans:
        since = show_time(loans[0].since)
        return f" {_who(loans[0].borrower)} has it since {since}{_until(loans[0])}."
    return f" It is here, back since {show_time(item.back_at)}." if item.back_at else " It is here."


def _holders(loans: Sequence[Loan]) -> str:
    """The first few, with how many and until when."""
    if not loans:
        return ""
    said = [
        f"{_who(loan.borrower)} has {loan.quantity}{_until(loan)}" for loan in loans[:MOST_NAMED]
    ]
    others = len(loans) - MOST_NAMED
    more = f", and {others} more have some" if others > 0 else ""
    return f" {', '.join(said)}{more}."


def _happened(one: Activity) -> str:
    by = f" by {_who(one.by)}"
    many = _many(int(one.details.get("quantity", 1)), one.item_name)
    day = show_time(one.at, Shown.DAY)
    if one.holder is None:
        return f"{day} {_DONE.get(one.action, one.action)} {many}{by}"
    who = _who(one.holder)
    if one.action == Action.DELETE:
        return f"{day} deleted {many}{by}, with {who}"
    verb, way = ("lent", "to") if one.action == Action.CHECKOUT else ("back", "from")
    return f"{day} {verb} {many} {way} {who}{'' if one.by.key == one.holder.key else by}"


_DONE = {Action.ADD.value: "added", Action.DELETE.value: "deleted"}


def _until(loan: Loan) -> str:
    return f" until {show_time(loan.until)}" if loan.until else ""


def _who(person: Borrower) -> str:
    return _cut(person.name) if person.name else SOMEBODY


def _name(name: str) -> str:
    return _cut(name, NAME_CHARACTERS)


def _typed(name: str) -> str:
    """As it may be typed."""
    return one_word(name) if len(name) <= NAME_CHARACTERS else "<item>"


def _many(quantity: int, name: str) -> str:
    return _name(name) if quantity == 1 else f"{quantity} x {_name(name)}"


def _is(quantity: int) -> str:
    return "is" if quantity == 1 else "are"


def _cut(text: str, most: int = PREVIEW_CHARACTERS) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
