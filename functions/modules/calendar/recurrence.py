"""When something comes back: rules of RFC 5545 over wall time, the zone attached afterwards.

So an evening at 20:00 stays at 20:00 when the clocks change. A time that spring leaves out is as
late after it as it would have been, and of two equal times in autumn the first is meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from dateutil.rrule import rrule, rruleset

_A_DAY = timedelta(days=1)
"""More than any two clocks are apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesDate:
    """`original` is the wall time that the rule gives it, `at` when it is, perhaps moved."""

    original: datetime
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Series:
    """`rule` is what stands behind `RRULE:`, its UNTIL in wall time like `first`.

    `changes` say of single dates, by their wall time, when they are instead; None is cancelled.
    """

    rule: str
    first: datetime
    zone: str
    changes: Mapping[datetime, datetime | None] = field(default_factory=dict)

    def coming(self, after: datetime, limit: int) -> list[SeriesDate]:
        """The next dates, soonest first."""
        moved = (
            SeriesDate(original=original, at=at)
            for original, at in self.changes.items()
            if at is not None and at > after
        )
        found = [*moved, *islice(self._by_rule(after), limit)]
        return sorted(found, key=lambda one: (one.at, one.original))[:limit]

    def last(self, before: datetime) -> datetime | None:
        """The last one that was, be it moved, where there was any."""
        wall = self._wall(before) + _A_DAY
        found = self._rule.before(wall, inc=True)
        while found is not None and (found in self.changes or self.at(found) > before):
            found = self._rule.before(found)
        dates = [at for at in self.changes.values() if at is not None and at <= before]
        return max([*dates, *([] if found is None else [self.at(found)])], default=None)

    def is_called_off(self, now: datetime) -> bool:
        """No date ever was, and none will be: each is cancelled by itself."""
        return not self.coming(now, 1) and self.last(now) is None

    def first_by_rule(self) -> datetime | None:
        """On or after `first`, in wall time."""
        return self._rule.after(self.first, inc=True)

    @property
    def end(self) -> datetime | None:
        """When its last date is by the rule; None where it goes on."""
        if not {"COUNT", "UNTIL"} & {part.partition("=")[0] for part in self.rule.split(";")}:
            return None
        *_, last = self._rule
        return self.at(last)

    def on_day_of(self, moment: datetime) -> SeriesDate | None:
        """The one that is on this day of its zone, be it moved there."""
        day = self._wall(moment).date()
        dates = self.coming(moment - 2 * _A_DAY, limit=200)
        return next((one for one in dates if self._wall(one.at).date() == day), None)

    def at(self, wall: datetime) -> datetime:
        return wall.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)

    def _by_rule(self, after: datetime) -> Iterator[SeriesDate]:
        for wall in self._rule.xafter(self._wall(after) - _A_DAY):
            if wall not in self.changes and self.at(wall) > after:
                yield SeriesDate(original=wall, at=self.at(wall))

    def _wall(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)

    @cached_property
    def _rule(self) -> rrule | rruleset:
        from dateutil.rrule import rrulestr  # most calls are of what comes once

        return rrulestr(self.rule, dtstart=self.first)


def begin(rule: str, ends: str, typed: datetime, zone: str) -> Series | None:
    """From the first date on or after `typed`, which counts; None where there is none.

    The interval counts from that date: every second Monday begins with the next one.
    """
    typed = typed.replace(microsecond=0)  # no rule has any
    every = ";".join(part for part in rule.split(";") if not part.startswith("INTERVAL="))
    found = Series(rule=every, first=typed, zone=zone).first_by_rule()
    return None if found is None else Series(rule=f"{rule}{ends}", first=found, zone=zone)
