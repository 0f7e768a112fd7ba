"""Which modules do not answer in time at the moment; kept as long as the process lives."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

MOST_IN_A_ROW = 3
REST = timedelta(seconds=60)


@dataclass(slots=True)
class Misses:
    """A module that misses three deadlines in a row is left alone for a minute.

    After that one more miss is enough: the row is not forgotten until it answers. Threads of one
    batch may count a miss too few between them, which does no harm.
    """

    _in_a_row: dict[str, int] = field(default_factory=dict)
    _last: dict[str, datetime] = field(default_factory=dict)

    def missed(self, module: str, now: datetime) -> None:
        self._in_a_row[module] = self._in_a_row.get(module, 0) + 1
        self._last[module] = now

    def answered(self, module: str) -> None:
        self._in_a_row.pop(module, None)

    def is_resting(self, module: str, now: datetime) -> bool:
        return self._in_a_row.get(module, 0) >= MOST_IN_A_ROW and now < self._last[module] + REST
