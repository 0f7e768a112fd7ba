"""An inventory as CSV, and back: what one spreadsheet writes another community reads."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping

from functions.modules.inventory import texts_of_files as words
from functions.modules.inventory import typed
from functions.modules.inventory.items import Condition, NewItem, StockItem
from waddlebot_sdk import NotUnderstood

COLUMNS = ("name", "count", "description", "labels", "state", "here", "number")
READ = COLUMNS[:5]
"""What is here, and under which number, is another community's."""
ALSO_CALLED = {"item": "name", "quantity": "count", "qty": "count", "label": "labels"}
MOST_ROWS = 1000
_APART = ";"
_SEPARATORS = (",", ";", "\t")
_FORMULA = re.compile(r"(^|[;|\t\"])(\s*)(?='*[=+\-@\uff1d\uff0b\uff0d\uff20])")
"""What a spreadsheet reckons, also where it reads another sign than the comma as the end of a cell
and where it reads wide signs as the usual ones."""
_HARMLESS = re.compile(r"(^|[;|\t\"])(\s*)'(?='*[=+\-@\uff1d\uff0b\uff0d\uff20])")


def write_csv(items: Iterable[StockItem]) -> str:
    """With a line of names first; what a spreadsheet would reckon stands behind an apostrophe."""
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(COLUMNS)
    for item in items:
        labels = f"{_APART} ".join(item.labels)
        row = (item.name, item.quantity, item.description, labels)
        rows.writerow(map(_harmless, (*row, item.condition.value, item.left, item.number)))
    return written.getvalue()


def read_csv(text: str) -> list[NewItem]:
    """All of it, or nothing: rows of name, count, description, labels and state, or with a line of
    names; cells end at commas, semicolons or tabs, as spreadsheets of many countries write them.

    Raises NotUnderstood: with the number of the first line that cannot be used.
    """
    text = "\n".join(text.removeprefix("\ufeff").splitlines()).strip("\n ")
    rows = list(_rows(text, _separator(text)))
    if not rows:
        raise NotUnderstood(words.no_csv())
    names = _names(rows[0][1])
    new = list(_read(rows[1:] if names else rows, names or READ))
    if not 0 < len(new) <= MOST_ROWS:
        raise NotUnderstood(words.no_csv() if not new else words.too_many_rows(MOST_ROWS))
    return new


def _separator(text: str) -> str:
    """By which the first line with any says names of columns, or else a count second."""
    lines = text.split("\n")
    first = next((one for one in lines if any(sign in one for sign in _SEPARATORS)), "")
    read = {one: next(csv.reader([first], delimiter=one), []) for one in _SEPARATORS}
    for one, cells in read.items():
        if len(cells) > 1 and _named(cells):
            return one
    for one, cells in read.items():
        if len(cells) > 1 and (not cells[1].strip() or typed.is_quantity(cells[1].strip())):
            return one
    return next((one for one, cells in read.items() if len(cells) > 1), ",")


def _rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Those with anything in them, each with the number of the line where it begins."""
    rows = csv.reader(io.StringIO(text), delimiter=separator, strict=True)
    begins = 1
    try:
        for row in rows:
            if any(map(str.strip, row)):
                yield begins, row
            begins = rows.line_num + 1
    except csv.Error as error:
        raise NotUnderstood(words.no_csv()) from error


def _named(row: Iterable[str]) -> bool:
    return "name" in {ALSO_CALLED.get(one, one) for one in map(_plain, row)}


def _names(row: list[str]) -> tuple[str, ...]:
    """Empty where the first line is a thing already.

    Raises NotUnderstood: a column that nobody reads would be lost without a word.
    """
    if not _named(row):
        return ()
    names = tuple(ALSO_CALLED.get(one, one) for one in map(_plain, row))
    if unknown := [one for one in names if one and one not in COLUMNS]:
        raise NotUnderstood(words.no_column(unknown[0], COLUMNS))
    return names


def _plain(name: str) -> str:
    return name.strip().casefold()


def _read(rows: Iterable[tuple[int, list[str]]], names: tuple[str, ...]) -> Iterator[NewItem]:
    seen: set[str] = set()
    for number, row in rows:
        try:
            if any(map(str.strip, row[len(names) :])):
                raise NotUnderstood(words.too_many_cells(len(names)))  # noqa: TRY301
            yield _new(dict(zip(names, row, strict=False)), seen)
        except NotUnderstood as wrong:
            raise NotUnderstood(words.line_wrong(number, wrong.say)) from wrong


def _new(row: Mapping[str, str], seen: set[str]) -> NewItem:
    item = _item(row)
    if item.name.casefold() in seen:
        raise NotUnderstood(words.twice(item.name))
    seen.add(item.name.casefold())
    return item


def _item(row: Mapping[str, str]) -> NewItem:
    values = {name: _as_meant(row.get(name, "").strip()) for name in READ}
    state = _plain(values["state"]) or Condition.FINE.value
    if state not in tuple(Condition):
        raise NotUnderstood(words.no_state(state, tuple(Condition)))
    return NewItem(
        name=typed.read_name(values["name"]),
        quantity=typed.read_count(values["count"]),
        description=typed.read_description(values["description"]),
        labels=typed.read_labels(values["labels"].replace(",", _APART).split(_APART)),
        condition=Condition(state),
    )


def _harmless(value: object) -> str:
    return _FORMULA.sub(r"\1\2'", str(value))


def _as_meant(text: str) -> str:
    return _HARMLESS.sub(r"\1\2", text)
