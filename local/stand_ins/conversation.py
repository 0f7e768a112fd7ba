"""What the feed showed, kept in a file: a stopped house comes back with its conversation."""

from __future__ import annotations

import contextlib
import json
import os
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path

from local.stand_ins.items import Item
from local.stand_ins.places import StandInPlace

_ITEM = tuple(one.name for one in fields(Item))
_PLACE = tuple(one.name for one in fields(StandInPlace))
_TOO_MANY = 5
"""Times what is kept: then the file is cut."""


@dataclass(slots=True, kw_only=True)
class Conversation:
    """One line of JSON an item, the last `most`. A full disk costs the memory, never the chat."""

    path: Path
    most: int
    _file: int | None = None
    _lines: int = field(default=0)

    def read(self) -> list[Item]:
        """The last of them; the file then holds no more than these."""
        self.close()
        try:
            with self.path.open(encoding="utf-8", errors="replace") as lines:
                items = list(deque(_items(lines), maxlen=self.most))
        except OSError:
            return []
        new = self.path.with_suffix(".new")
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
            with os.fdopen(_opened(new), "w", encoding="utf-8") as file:
                file.writelines(map(_line, items))
            new.rename(self.path)
        self._lines = len(items)
        return items

    def add(self, item: Item) -> None:
        with contextlib.suppress(OSError):
            if self._file is None:
                self._file = _opened(self.path)
            os.write(self._file, _line(item).encode("utf-8", "replace"))
        self._lines += 1
        if self._lines > self.most * _TOO_MANY:
            self.read()

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _opened(path: Path) -> int:
    """For this user's eyes alone, as the keys are."""
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def _line(item: Item) -> str:
    told = {name: getattr(item, name) for name in _ITEM}
    place = {name: getattr(item.place, name) for name in _PLACE}
    return f"{json.dumps({**told, 'at': item.at.isoformat(), 'place': place})}\n"


def _items(lines: Iterable[str]) -> Iterator[Item]:
    """A line that a killed house left half is none."""
    for line in lines:
        with contextlib.suppress(ValueError, TypeError, KeyError):
            told = json.loads(line)
            at, place = datetime.fromisoformat(told["at"]), StandInPlace(**told["place"])
            yield Item(**{**told, "at": at, "place": place, "pings": tuple(told["pings"])})
