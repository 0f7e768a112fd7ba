"""An inventory as CSV, and back: what one spreadsheet writes another community reads."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping

from functions.modules.inventory import texts_of_files as words
from functions.modules.inventory import typed
from functions.modules.inventory.items import NewItem, StockItem
from waddlebot_sdk import NotUnderstood

COLUMNS = ("name", "count", "description", "labels", "state", "here", "number")
READ = COLUMNS[:4]
MOST_ROWS = 1000
_APART = ";"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


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
    """All of it, or nothing: rows of name, count, description, labels, or with a line of names.

    Raises NotUnderstood: with the number of the first line that cannot be used.
    """
    try:
        rows = [
            row for row in csv.reader(io.StringIO(text), strict=True) if any(map(str.strip, row))
        ]
    except csv.Error as error:
        raise NotUnderstood(words.no_csv()) from error
    if not rows:
        raise NotUnderstood(words.no_csv())
    names = tuple(name.strip().casefold() for name in rows[0])
    has_names = "name" in names
    new = list(_read(rows[1:] if has_names else rows, names if has_names else READ, has_names))
    if not 0 < len(new) <= MOST_ROWS:
        raise NotUnderstood(words.no_csv() if not new else words.too_many_rows(MOST_ROWS))
    return new


def _read(
    rows: Iterable[list[str]],
    names: tuple[str, ...],
    has_names: bool,  # noqa: FBT001
) -> Iterator[NewItem]:
    seen: set[str] = set()
    for number, row in enumerate(rows, 2 if has_names else 1):
        try:
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
    return NewItem(
        name=typed.read_name(values["name"]),
        quantity=typed.read_count(values["count"]),
        description=typed.read_description(values["description"]),
        labels=typed.read_labels(values["labels"].replace(",", _APART).split(_APART)),
    )


def _harmless(value: object) -> str:
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _as_meant(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text
