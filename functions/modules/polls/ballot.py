"""A poll as it is kept, and how it is decided."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class PollStatus(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class TieRule(StrEnum):
    """What becomes of options that have equally many votes: all of them are first, or one is."""

    SHARE = "share"
    LOT = "lot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """What people are asked; it has no number yet. `seconds` is None where nobody said how long."""

    question: str
    options: tuple[str, ...]
    seconds: int | None
    is_secret: bool
    tie: TieRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """`result` is how many people chose each option and `first` which are first, counted from 0:
    both are there once it is closed. `opened_by` is empty where the person was forgotten.
    """

    id: int
    community: int
    number: int
    question: str
    options: tuple[str, ...]
    is_secret: bool
    tie: TieRule
    status: PollStatus
    opened_at: datetime
    ends_at: datetime
    is_timed: bool
    result: tuple[int, ...]
    first: tuple[int, ...]
    shown_at: datetime | None
    chart_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.status is PollStatus.OPEN


def read_poll(row: Mapping[str, Any]) -> Poll:
    return Poll(
        id=row["id"],
        community=row["community_id"],
        number=row["number"],
        question=row["question"],
        options=tuple(row["options"]),
        is_secret=row["is_secret"],
        tie=TieRule(row["tie"]),
        status=PollStatus(row["status"]),
        opened_at=row["opened_at"],
        ends_at=row["ends_at"],
        is_timed=row["is_timed"],
        result=tuple(row["result"] or ()),
        first=tuple(row["first"] or ()),
        shown_at=row["shown_at"],
        chart_at=row["chart_at"],
    )


def find_first(counts: Sequence[int], tie: TieRule) -> tuple[int, ...]:
    """Which options are first, counted from 0: none where nobody voted."""
    most = max(counts, default=0)
    first = tuple(index for index, count in enumerate(counts) if count == most and most)
    if tie is TieRule.LOT and len(first) > 1:
        return (secrets.choice(first),)
    return first
