"""Points for what people do: how many an event is worth (facts, 2.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from waddlebot.domain import module_names
from waddlebot.domain.events import MessageType

POINTS = module_names.POINTS
"""A community's own stand in its settings under this name, by the names of EVENTS."""
MESSAGE = "message"
GIVEN, GOT = "given", "got"
"""In a history, beside the names of EVENTS: points that went to somebody, or came from them."""
MESSAGE_SECONDS = 60
"""What somebody writes counts at most once in so many seconds, however much it is."""
MOST_UNITS = 100_000
MOST_POINTS = 10_000

NAMES = {MessageType.CHAT_MESSAGE: MESSAGE}
WRITTEN = frozenset(
    {
        MessageType.CHAT_MESSAGE,
        MessageType.APP_MENTION,
        MessageType.FILE_SHARE,
        MessageType.REACTION,
    }
)
"""What costs nobody anything, and so could be done all day for its points."""
EVENTS: Mapping[str, int] = {
    MESSAGE: 5,
    MessageType.REACTION: 2,
    MessageType.MEMBER_JOIN: 10,
    MessageType.MEMBER_LEAVE: -5,
    MessageType.BAN: -50,
    MessageType.KICK: -25,
    MessageType.TIMEOUT: -10,
    MessageType.WARN: -5,
    MessageType.FOLLOW: 10,
    MessageType.SUBSCRIPTION: 50,
    MessageType.RESUB: 30,
    MessageType.GIFT_SUBSCRIPTION: 60,
    MessageType.RAID: 30,
    MessageType.CHEER: 1,
    MessageType.HOST: 25,
    MessageType.VOICE_JOIN: 8,
    MessageType.VOICE_TIME: 1,
    MessageType.BOOST: 100,
    MessageType.FILE_SHARE: 15,
    MessageType.APP_MENTION: 8,
    MessageType.CHANNEL_JOIN: 10,
}
_BY_UNIT = {
    MessageType.CHEER: "bits",
    MessageType.GIFT_SUBSCRIPTION: "total",
    MessageType.VOICE_TIME: "minutes",
}
_ONE_UNLESS_SAID = frozenset({MessageType.GIFT_SUBSCRIPTION})


SHOWN = {
    MessageType.APP_MENTION.value: "talking to me",
    MessageType.FILE_SHARE.value: "a file",
    MESSAGE: "a line",
    GIVEN: "given away",
    GOT: "a gift to you",
}


def shown_name(event: str) -> str:
    """As people read it in their history."""
    return SHOWN.get(event, event.replace("_", " "))


def counted(number: int) -> str:
    """`1 point`, `1,000 points`."""
    return f"{number:,} point{'' if abs(number) == 1 else 's'}"


def name_of(type_: MessageType) -> str:
    return NAMES.get(type_, type_.value)


def points_for(type_: MessageType, data: Mapping[str, Any], own: Mapping[str, Any]) -> int:
    """What this event is worth in a community with these points of its `own`; 0 is not counted."""
    name = name_of(type_)
    worth = own.get(name, EVENTS.get(name, 0))
    if not isinstance(worth, int) or not worth:
        return 0
    if type_ is MessageType.RESUB and data.get("months") == 1:
        return 0  # who shares a first subscription was counted when it began
    if type_ is MessageType.SUBSCRIPTION and data.get("is_gift") is True:
        return 0  # who gave it was counted
    unit = _BY_UNIT.get(type_)
    if unit is None or (type_ in _ONE_UNLESS_SAID and data.get(unit) is None):
        return worth
    return worth * _units(data.get(unit))


def _units(value: Any) -> int:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return min(max(value, 0), MOST_UNITS) if is_number else 0
