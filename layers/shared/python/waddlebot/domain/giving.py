"""Points that people give each other: how many a day, and from which accounts they come."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from waddlebot.domain.accounts import Account

USUAL_GIVING = 1_000
MOST_GIVING = 1_000_000
DAY_HOURS = 24
_POINTS = re.compile(r"[0-9]{1,7}|[0-9](,[0-9]{3}){2}|[0-9]{1,3},[0-9]{3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Purse:
    """What one account has to give; less than nothing where more was taken off than it had."""

    account: Account
    points: int


def read_points(text: str) -> int | None:
    """`1000` and `1,000`; of `1,5`, which is one and a half to many, nothing, as of all else."""
    return int(text.replace(",", "")) if _POINTS.fullmatch(text) else None


def in_all(purses: Sequence[Purse]) -> int:
    """What a person has to give with all their accounts; never less than nothing."""
    return max(0, sum(purse.points for purse in purses))


def taken_from(purses: Sequence[Purse], points: int) -> list[Purse]:
    """What each account gives, in this order; none more than it has.

    So accounts that are parted later have not given what they had never had. `points` are at most
    those of all together.
    """
    taken, left = list[Purse](), points
    for purse in purses:
        part = min(left, max(0, purse.points))
        if part:
            taken.append(Purse(account=purse.account, points=part))
            left -= part
    return taken
