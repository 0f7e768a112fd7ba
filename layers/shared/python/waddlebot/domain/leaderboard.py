"""Which leaderboard is meant: of all time or of this week, of everywhere or of one platform."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Period(StrEnum):
    ALL = "all"
    WEEK = "week"


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Of what was earned on `platform`; '' is on all of them."""

    period: Period = Period.ALL
    platform: str = ""


def week_began(now: datetime, zone: str) -> datetime:
    """Monday's first moment in this zone (IANA), in UTC; `now` has a zone."""
    at = now.astimezone(ZoneInfo(zone))
    monday = at.date() - timedelta(days=at.weekday())
    return datetime.combine(monday, time(), tzinfo=at.tzinfo).astimezone(UTC)
