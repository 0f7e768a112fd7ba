"""Reads quotes that another bot or a list kept: lines, CSV, or the JSON of two bots.

Firebot's API answers `[{"id", "text", "originator", "creator", "game", "createdAt"}]` (its server's
quote controller), PhantomBot's `quotes` has a row a quote whose value is `["user", "words",
"milliseconds", "game"]` (its quoteSystem).
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from functions.modules.memories import import_texts, typed
from functions.modules.memories.kept import Draft, MemoryKind
from waddlebot.domain.moments import read_moment, within_reach
from waddlebot.domain.unseen import is_blank
from waddlebot.platforms.fields import without_unstorable
from waddlebot_sdk import NotUnderstood

_NUMBERED = re.compile(r"\s*(?:#\d{1,6}[:.)]?|\d{1,6}[:.)])\s+")
_BRACKETS = re.compile(r"\s*\[([^\[\]]{1,100})\]\s*$")
_ODD_DAY = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})")
"""A day that may be two: it is no game either."""
_COLUMNS = {
    "words": ("quote", "quotes", "text", "content", "words", "message"),
    "author": ("author", "originator", "user", "username", "name", "by"),
    "game": ("game", "category"),
    "said": ("date", "createdat", "created_at", "created", "timestamp", "time"),
}
_MORE = "more"
"""Stands where a row has more columns than the first line: a comma of the words, unquoted."""
_MILLISECONDS = 10**11
"""What is more is no number of seconds: that many are three thousand years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotesRead:
    """The quotes, and for each that cannot be kept which one it is and why not."""

    quotes: tuple[Draft, ...]
    refused: tuple[tuple[int, str], ...]


def read_quotes(text: str) -> QuotesRead:
    """By what the text looks like; each quote is counted from one."""
    text = text.removeprefix("\ufeff")
    quotes: list[Draft] = []
    refused: list[tuple[int, str]] = []
    for number, told in enumerate(_told(text), start=1):
        try:
            quotes.append(_draft(told))
        except NotUnderstood as wrong:
            refused.append((number, wrong.say))
    return QuotesRead(quotes=tuple(quotes), refused=tuple(refused))


def _told(text: str) -> Iterator[Mapping[str, str]]:
    """What is said of each quote: `words`, `author`, `game` and `said`."""
    found = _json(text)
    if found is not None:
        return map(_of_json, found)
    for separator in ",;\t":
        rows = _csv(text, separator)
        header = [_column(name) for name in rows[0]] if rows else []
        if "words" in header and len(header) > 1:
            return (_row(header, row) for row in rows[1:] if any(row))
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and _column(lines[0]) == "words":  # one column, in which commas are commas
        del lines[0]
    return map(_of_line, lines)


def _csv(text: str, separator: str) -> list[list[str]]:
    """Nothing where it is none. A spreadsheet of some countries has `;` between its columns."""
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        return []


def _json(text: str) -> list[Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(found, dict):
        found = next((one for one in found.values() if isinstance(one, list)), [found])
    return found if isinstance(found, list) else None


def _of_json(one: Any) -> Mapping[str, str]:
    if not isinstance(one, dict):
        return {"words": one if isinstance(one, str) else ""}
    row = one.get("value")
    if isinstance(row, str):
        with suppress(ValueError, RecursionError):
            row = json.loads(row)
    if isinstance(row, list):
        return dict(zip(("author", "words", "said", "game"), map(str, row), strict=False))
    return _row(
        [_column(name) for name in one], ["" if x is None else str(x) for x in one.values()]
    )


def _column(name: str) -> str:
    plain = name.strip().lower().lstrip("\ufeff_")
    return next((ours for ours, theirs in _COLUMNS.items() if plain in theirs), "")


def _row(header: list[str], row: list[str]) -> Mapping[str, str]:
    told = {name: value for name, value in zip(header, row, strict=False) if name}
    return {**told, _MORE: _MORE} if any(row[len(header) :]) else told


def _of_line(line: str) -> Mapping[str, str]:
    """`#12: "Waddle on!" - Ana [Club Penguin] [2024-05-01]`, as far as it stands there."""
    rest, behind = _NUMBERED.sub("", line, count=1).strip(), dict[str, str]()
    while (found := _BRACKETS.search(rest)) and found.start():
        name = "said" if _moment(found[1]) or _ODD_DAY.fullmatch(found[1]) else "game"
        if name in behind:
            break
        behind[name], rest = found[1], rest[: found.start()]
    words, author = typed.read_quote(rest) if len(rest) <= typed.MOST_CHARACTERS else (rest, "")
    return {"words": words, "author": author, **behind}


def _draft(told: Mapping[str, str]) -> Draft:
    """Raises NotUnderstood: it cannot be kept."""
    if told.get(_MORE):
        raise NotUnderstood(import_texts.MORE_COLUMNS)
    # What JSON says in escapes the door has not seen.
    told = {name: without_unstorable(value).strip() for name, value in told.items()}
    words = typed.read_text(told.get("words", ""))
    if is_blank(words):
        raise NotUnderstood(import_texts.NO_WORDS_IN_IT)
    return Draft(
        kind=MemoryKind.QUOTE,
        content=words,
        author=typed.read_title(told.get("author", "")),
        game=typed.read_title(told.get("game", "")),
        said_at=_moment(told.get("said", "")),
    )


def _moment(text: str) -> datetime | None:
    """ISO 8601, or seconds or milliseconds since 1970; `1/2/2024` may be two days, and is none."""
    text = text.strip()
    try:
        if text.isascii() and text.isdigit() and len(text) > 8:
            seconds = int(text) / (1000 if int(text) >= _MILLISECONDS else 1)
            return within_reach(datetime.fromtimestamp(seconds, UTC))
    except (ValueError, OverflowError, OSError):
        return None
    return read_moment(text)
