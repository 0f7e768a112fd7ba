"""What makes one deed one deed: what the platform says of it, not the delivery that tells of it.

A subscription is told when it begins, in chat, and once more by who shares it; a follow by whoever
takes it back and follows again. Where a mark of an event holds, its deed was counted before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Event, MessageType

SUBSCRIBED_DAYS = 27
"""A subscription lasts a month, the shortest of 28 days; then the next one may be shared."""
SHARED_HOURS = 1
"""Deliveries overtake each other: who shared it has begun it."""
GIFT_SECONDS = 10
"""Two ways tell of one gift within moments; so soon nobody gives as many again."""
_FOREVER = timedelta(days=100 * 365)
_GIFT_KNOWN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Mark:
    """A deed by its name, of one person in one community, and until when no other is it."""

    deed: str
    until: datetime


def marks_of(event: Event, place: EntityId) -> list[Mark]:
    """None for what may be done as often as one likes."""
    lasting = _LASTING.get(event.type)
    if lasting is None:
        return []
    return [
        Mark(f"{name} {place}", event.occurred_at + holds)
        for name, holds in lasting(event.data).items()
    ]


_SUBSCRIPTION = "subscription"


def shares(event: Event, place: EntityId) -> str:
    """The name of the deed that this event tells of once more, if it does."""
    return f"{_SUBSCRIPTION} {place}" if event.type is MessageType.RESUB else ""


def shared_as(marks: Sequence[Mark], place: EntityId) -> str:
    """The type of the events that tell of this deed too, and may have come first."""
    begins = any(mark.deed == f"{_SUBSCRIPTION} {place}" for mark in marks)
    return MessageType.RESUB.value if begins else ""


_Lasting = Callable[[Mapping[str, Any]], dict[str, timedelta]]


def _once(name: str, holds: timedelta = _FOREVER) -> _Lasting:
    return lambda _data: {name: holds}


def _subscription(data: Mapping[str, Any]) -> dict[str, timedelta]:
    """Paying on for what was given, or was free, is another deed than subscribing."""
    name = "upgrade" if "upgrade" in str(data.get("notice_type", "")) else _SUBSCRIPTION
    return {name: timedelta(days=SUBSCRIBED_DAYS)}


def _resub(data: Mapping[str, Any]) -> dict[str, timedelta]:
    """The month names it, so that the next one is another."""
    months = data.get("months")
    return {f"resub {months}": _FOREVER} if months else {"resub": timedelta(hours=SHARED_HOURS)}


def _gift(data: Mapping[str, Any]) -> dict[str, timedelta]:
    """By its own name, and by how many this person has given here with it.

    Who does not show that is told from themselves by the moment alone.
    """
    names = [data.get("gift_id"), data.get("cumulative_total")]
    if any(names):
        return {f"gift {name}": _GIFT_KNOWN for name in names if name}
    return {f"gift of {data.get('total')} {data.get('tier')}": timedelta(seconds=GIFT_SECONDS)}


# What costs nobody anything counts once, or once in so long: it could be done all day otherwise.
_LASTING: Mapping[MessageType, _Lasting] = {
    MessageType.FOLLOW: _once("follow"),
    MessageType.MEMBER_JOIN: _once("member_join"),
    MessageType.CHANNEL_JOIN: _once("channel_join"),
    MessageType.SUBSCRIPTION: _subscription,
    MessageType.RESUB: _resub,
    MessageType.GIFT_SUBSCRIPTION: _gift,
    MessageType.RAID: _once("raid", timedelta(minutes=10)),
    MessageType.VOICE_JOIN: _once("voice_join", timedelta(hours=1)),
}
