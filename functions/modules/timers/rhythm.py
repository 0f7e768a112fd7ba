"""When a timer is said: every so often or by cron, after so many lines; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cronsim import CronSim, CronSimError

from waddlebot_sdk.times import in_zone

LEAST_SECONDS, MOST_SECONDS = 60, 7 * 24 * 3600
MOST_LINES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerRhythm:
    """`every` seconds, or the five fields of `cron`. `after_lines` of people, 1 or more: who talks
    to nobody is silent. `jitter` are the seconds by which it comes sooner or later; by cron later
    alone, as behind who was sooner the very same time of its cron would come again.
    """

    every: int = 0
    cron: str = ""
    after_lines: int = 1
    live_only: bool = False
    jitter: int = 0

    def next_after(self, now: datetime, zone: str, *, chance: float) -> datetime | None:
        """`chance` from 0 to 1 is where in its jitter it comes; None where its cron has no time."""
        if self.cron:
            at = _next_of(self.cron, now, zone)
            return at and at + timedelta(seconds=self.jitter * chance)
        at = now + timedelta(seconds=self.every)
        return at + timedelta(seconds=self.jitter * (2 * chance - 1))


def is_cron(fields: str, now: datetime, zone: str) -> bool:
    """Whether these five fields say a time that comes."""
    try:
        return _next_of(fields, now, zone) is not None
    except CronSimError:
        return False


def _next_of(fields: str, now: datetime, zone: str) -> datetime | None:
    """By the clocks of this zone. Raises CronSimError."""
    found = next(CronSim(fields, in_zone(now, zone)), None)
    return found.astimezone(UTC) if found else None
