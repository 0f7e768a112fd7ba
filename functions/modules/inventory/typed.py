"""Reads what people type: an item, how many of it, until when. Refuses in words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from functions.modules.inventory import texts, texts_of_typing
from functions.modules.inventory.items import Listed, NewItem, StockItem
from functions.modules.inventory.people import Borrower, named
from functions.modules.inventory.store import Inventory
from waddlebot.domain.errors import Refusal
from waddlebot.domain.labels import read_label_name
from waddlebot_sdk import Call, NotUnderstood
from waddlebot_sdk.grammar import take_words, without_quotes
from waddlebot_sdk.seen_signs import is_one_line
from waddlebot_sdk.times import take_moment

MOST_NAME_CHARACTERS = 255
MOST_DESCRIPTION_CHARACTERS = 2000
MOST_LABELS = 5
MOST_OF_ONE = 100_000
LONGEST_LOAN = timedelta(days=2 * 365)
MOST_DAYS = 365
PER_MINUTE = 30
"""Of each command, to one person."""

_TIMES = r"(?:x\s?(\d{1,7})|(\d{1,7})\s?x)"
_HOW_MANY = re.compile(
    rf"(?:{_TIMES}|(\d{{1,7}})(?=$|\s+(?:until|till|for|to)\b))(?:\s+|$)", re.IGNORECASE | re.ASCII
)
_ADDED = re.compile(rf"\s{_TIMES}(?=\s|$)", re.IGNORECASE | re.ASCII)
_NO_COUNT = re.compile(r"[x\u00d7]\s?[-+]?\d\S*(?=\s|$)", re.IGNORECASE | re.ASCII)
_LABELS = re.compile(r"(?:(?<=\s)|^)#([^\s#,]+)\s*,?(?=\s|$)")
_NUMBER = re.compile(r"#(\d{1,9})", re.ASCII)
_QUOTES = '"“”„«'
_LISTED = {
    "all": Listed.ALL,
    "available": Listed.AVAILABLE,
    "here": Listed.AVAILABLE,
    "out": Listed.OUT,
    "checkedout": Listed.OUT,
    "checked_out": Listed.OUT,
    "checked-out": Listed.OUT,
    "low": Listed.LOW,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lending:
    """How many of an item, and until when; None where no day is said."""

    quantity: int
    until: datetime | None


def one_line(text: str) -> str:
    """Letters as one sign each: a keyboard that types é as two means the same name."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def as_named(text: str) -> str:
    """One line with apostrophes as a keyboard has them: phones write others into the same name."""
    return one_line(text).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")


def read_listed(text: str) -> Listed | None:
    return _LISTED.get(text.casefold())


def find_item(call: Call, inventory: Inventory, text: str) -> tuple[StockItem, str]:
    """The item that a text begins with, by `#3`, in quotes or as it is called, and what follows.

    Raises NotUnderstood: there is none.
    """
    text, community = as_named(text), call.community.id
    words, rest = take_words(text, 1)
    first = words[0] if words else ""
    if number := _NUMBER.fullmatch(first):
        item = inventory.find(community, int(number[1]))
    elif text[:1] in _QUOTES and not text.startswith(first):
        item = inventory.find_called(community, call.in_words(first))
    else:
        worded = call.in_words(text)
        item = inventory.find_at(community, worded)
        if item:
            rest = _behind(text, worded, item)
    if item is None:
        raise NotUnderstood(texts.no_such(first, _like(community, inventory, first)))
    return item, rest


def hold(inventory: Inventory, item: StockItem) -> StockItem:
    """As it is now, and until this call is done. Raises NotUnderstood: somebody deleted it a moment
    ago."""
    now = inventory.lock(item)
    if now is None:
        raise NotUnderstood(texts.no_such(item.name, ""))
    return now


def find_whole(call: Call, inventory: Inventory) -> StockItem:
    """The one item that was typed. Raises NotUnderstood: more than that stands there, too."""
    item, rest = find_item(call, inventory, call.text)
    if rest:
        raise NotUnderstood(texts.no_such(without_quotes(one_line(call.text)), item.name))
    return item


def numbered(call: Call, inventory: Inventory, typed: str) -> StockItem | None:
    """`#3`"""
    found = _NUMBER.fullmatch(typed)
    return inventory.find(call.community.id, int(found[1])) if found else None


def _behind(text: str, worded: str, item: StockItem) -> str:
    """What follows keeps its marks: whom it names is read by id."""
    is_marked = not text.casefold().startswith(item.name.casefold())
    return (worded if is_marked else text)[len(item.name) :].strip()


def _like(community: int, inventory: Inventory, typed: str) -> str:
    """The name of one that may be meant."""
    found = inventory.list_items(community, words=typed, limit=1).items if typed else ()
    return found[0].name if found else ""


def read_person(call: Call, text: str) -> tuple[Borrower, str]:
    """`@ana until friday` or `to @ana`. Raises NotUnderstood: nobody is named."""
    if text.casefold().startswith("to "):
        text = text[3:].lstrip()
    words, rest = take_words(text, 1)
    person = named(call, words[0]) if words else None
    if person is None:
        raise NotUnderstood(texts_of_typing.no_person())
    return person, rest


def read_lending(call: Call, text: str) -> Lending:
    """`3 until friday`, `x3`, `for 2 days` or nothing. Raises NotUnderstood."""
    found = _HOW_MANY.match(text)
    quantity = _quantity(found.groups()) if found else 1
    rest = text[found.end() :] if found else text
    return Lending(quantity=quantity, until=_until(call, rest) if rest else usual_until(call))


def read_until(call: Call, text: str) -> datetime:
    """As much longer as things are lent where nothing is typed. Raises NotUnderstood."""
    until = _until(call, text) if text else usual_until(call)
    if until is None:
        raise NotUnderstood(texts_of_typing.say_until())
    return until


def read_number(text: str) -> int:
    """`#3` or `3`"""
    found = re.fullmatch(r"#?(\d{1,9})", text.strip(), re.ASCII)
    if found is None:
        raise NotUnderstood(texts_of_typing.no_number(text))
    return int(found[1])


def read_count(text: str) -> int:
    count = read_quantity(text)
    return 1 if count is None else count


def read_low(text: str) -> int:
    """0 as well: none is left."""
    low = read_number(text)
    if low > MOST_OF_ONE:
        raise NotUnderstood(texts_of_typing.quantity_bounds(MOST_OF_ONE))
    return low


def find_with(call: Call, inventory: Inventory, known: Iterable[str]) -> tuple[StockItem, str, str]:
    """An item, one of the words that are known, and what follows. Raises NotUnderstood."""
    item, rest = find_item(call, inventory, call.text)
    words, value = take_words(rest, 1)
    word = words[0].casefold() if words else ""
    if word not in known:
        raise NotUnderstood(texts_of_typing.no_part(word, known))
    return item, word, without_quotes(value)


def read_search(text: str) -> tuple[str, tuple[str, ...]]:
    """Words, and labels that begin with `#`."""
    words = text.split()
    labels = read_labels(one for one in words if one.startswith("#"))
    return " ".join(one for one in words if not one.startswith("#")), labels


def read_quantity(text: str) -> int | None:
    """`3`, `x3` or nothing. Raises NotUnderstood."""
    if not text:
        return None
    found = _HOW_MANY.fullmatch(text)
    if found is None:
        raise NotUnderstood(texts_of_typing.no_quantity(text))
    return _quantity(found.groups())


def is_quantity(text: str) -> bool:
    return _HOW_MANY.fullmatch(text) is not None


def read_new(call: Call) -> NewItem:
    """`camera "Sony A7" #video` or `AA battery x12 in the blue box`. Raises NotUnderstood."""
    text = one_line(call.text)
    words, rest = take_words(text, 1)
    name = words[0]
    quantity = 1
    if found := _ADDED.search(text):
        quantity, rest = _quantity(found.groups()), text[found.end() :].strip()
        name = without_quotes(text[: found.start()])
    elif wrong := _NO_COUNT.match(rest):
        raise NotUnderstood(texts_of_typing.no_quantity(wrong.group()))
    description, labels = _read_about(rest)
    return NewItem(
        name=read_name(call.in_words(name)),
        quantity=quantity,
        description=read_description(call.in_words(description)),
        labels=read_labels(map(call.in_words, labels)),
    )


def _read_about(rest: str) -> tuple[str, list[str]]:
    """Description and labels: words with `#`, or all behind a description in quotes."""
    if rest[:1] in _QUOTES and rest:
        (description,), behind = take_words(rest, 1)
        if not rest.startswith(description):
            apart = "," if "," in behind else None
            return description, [one.strip().removeprefix("#") for one in behind.split(apart)]
    labels = _LABELS.findall(rest)
    return one_line(_LABELS.sub("", rest)), labels


def read_name(text: str) -> str:
    name = as_named(text)
    if not name or not is_one_line(name) or name.startswith("#"):
        raise NotUnderstood(texts_of_typing.no_name())
    return _within(name, MOST_NAME_CHARACTERS)


def read_description(text: str) -> str:
    return _within(one_line(text), MOST_DESCRIPTION_CHARACTERS)


def read_labels(typed: Iterable[str]) -> tuple[str, ...]:
    labels = tuple(dict.fromkeys(read_label(one) for one in typed if one.strip()))
    if len(labels) > MOST_LABELS:
        raise NotUnderstood(texts_of_typing.too_many_labels(MOST_LABELS))
    return labels


def read_label(text: str) -> str:
    """As the house writes labels. Raises NotUnderstood."""
    try:
        return read_label_name(text.removeprefix("#"))
    except Refusal as refusal:
        raise NotUnderstood(refusal.say) from refusal


def _quantity(groups: Iterable[str | None]) -> int:
    number = int(next(filter(None, groups)))
    if not 1 <= number <= MOST_OF_ONE:
        raise NotUnderstood(texts_of_typing.quantity_bounds(MOST_OF_ONE))
    return number


def _until(call: Call, text: str) -> datetime:
    """A text in quotes as well: so a slash command hands it over."""
    text = without_quotes(text)
    moment = take_moment(text, now=call.occurred_at, zone=call.community.time_zone)
    if moment is None or moment.rest:
        raise NotUnderstood(texts_of_typing.no_time(text))
    if moment.at - call.occurred_at > LONGEST_LOAN:
        raise NotUnderstood(texts_of_typing.too_late())
    return moment.at


def usual_until(call: Call) -> datetime | None:
    days = min(int(call.config["days"]), MOST_DAYS)
    return call.occurred_at + timedelta(days=days) if days > 0 else None


def _within(text: str, most: int) -> str:
    if len(text) > most:
        raise NotUnderstood(texts_of_typing.too_long(len(text), most))
    return text
