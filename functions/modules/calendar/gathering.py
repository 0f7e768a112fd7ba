"""An event that a community plans, as it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from functions.modules.calendar.people import read_later
from functions.modules.calendar.recurrence import Series
from waddlebot.domain.events import Later

Changes = Mapping[datetime, datetime | None]
"""Of single dates of a series: when each is instead, or that it is not."""


class GatheringStatus(StrEnum):
    """A draft is shown to whoever typed it, and kept when they say so."""

    DRAFT = "draft"
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """`at` is the next date of a `series`, the last one where it is over.

    `created_by` and its name are empty where the person who added it was forgotten.
    `later` is how to come back to that person. Without `seats` everybody may come.
    `sequence` grows with each change.
    """

    id: int
    community: int
    number: int
    title: str
    about: str
    place: str
    at: datetime
    seats: int | None
    status: GatheringStatus
    platform: str
    created_by: str
    created_by_name: str
    later: Later
    approved_by_name: str
    rejection_reason: str
    created_at: datetime
    series: Series | None
    sequence: int
    updated_at: datetime


def _series(row: Mapping[str, Any], changes: Changes) -> Series | None:
    if not row["recurring_pattern"]:
        return None
    return Series(
        rule=row["recurring_pattern"],
        first=row["first_date"],
        zone=row["time_zone"],
        changes=changes,
    )


def _next(series: Series | None, once: datetime, now: datetime) -> datetime:
    if series is None:
        return once
    coming = series.coming(now, 1)
    return coming[0].at if coming else series.last(now) or once


def read_gathering(row: Mapping[str, Any], changes: Changes, now: datetime) -> Gathering:
    series = _series(row, changes)
    return Gathering(
        id=row["id"],
        community=row["community_id"],
        number=row["number"],
        title=row["title"],
        about=row["description"],
        place=row["location"],
        at=_next(series, row["event_date"], now),
        seats=row["max_attendees"],
        status=GatheringStatus(row["status"]),
        platform=row["platform"],
        created_by=row["created_by"],
        created_by_name=row["created_by_name"],
        later=read_later(row["way_back"]),
        approved_by_name=row["approved_by_name"],
        rejection_reason=row["rejection_reason"],
        created_at=row["created_at"],
        series=series,
        sequence=row["sequence"],
        updated_at=row["updated_at"],
    )
