"""What happened, as an alert would tell it: whom, how much, and their own words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from waddlebot.domain.alerts import MOST_AMOUNT, AlertKind
from waddlebot.domain.events import Event, MessageType
from waddlebot.domain.overlay_pushes import number_of
from waddlebot.domain.unseen import is_blank
from waddlebot_sdk.seen_signs import is_one_line, seen_line

SOMEBODY = "Somebody"
"""Who gives without a name, and whose name is not to be shown."""
MOST_NAME = 60
MOST_MESSAGE = 300
KINDS: Mapping[MessageType, AlertKind] = {
    MessageType.FOLLOW: AlertKind.FOLLOW,
    MessageType.SUBSCRIPTION: AlertKind.SUB,
    MessageType.RESUB: AlertKind.RESUB,
    MessageType.GIFT_SUBSCRIPTION: AlertKind.GIFT,
    MessageType.CHEER: AlertKind.CHEER,
    MessageType.RAID: AlertKind.RAID,
    MessageType.DONATION: AlertKind.DONATION,
    MessageType.MEMBER_JOIN: AlertKind.JOIN,
    MessageType.BOOST: AlertKind.BOOST,
}
_TIERS = {"1000": "Tier 1", "2000": "Tier 2", "3000": "Tier 3", "prime": "Prime"}
"""Twitch: "EventSub Reference", subscription tier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatHappened:
    """`amount` is compared, `shown` is read: empty where none was told."""

    kind: AlertKind
    name: str
    amount: float
    shown: str
    tier: str
    message: str


def read_happened(event: Event, name: str) -> WhatHappened | None:
    """None: it is no alert. Of what was given as a gift whoever gave it is told, and once."""
    kind = KINDS.get(event.type)
    if kind is None or (kind is AlertKind.SUB and event.data.get("is_gift") is True):
        return None
    is_anonymous = event.data.get("anonymous") is True
    amount, shown = _AMOUNTS.get(kind, _none)(event.data)
    return WhatHappened(
        kind=kind,
        name=SOMEBODY if is_anonymous else _line(name, MOST_NAME) or SOMEBODY,
        amount=amount,
        shown=shown,
        tier=_tier(event.data.get("tier")),
        message=_line(event.text, MOST_MESSAGE),
    )


def _none(_: Mapping[str, Any]) -> tuple[float, str]:
    return 0, ""


def _whole(name: str) -> Callable[[Mapping[str, Any]], tuple[float, str]]:
    def read(data: Mapping[str, Any]) -> tuple[float, str]:
        amount = int(_number(data.get(name)))
        return amount, str(amount) if amount else ""

    return read


def _number(value: object) -> float:
    """What nobody can have given is none."""
    amount = number_of(value, 0)
    return amount if amount <= MOST_AMOUNT else 0


def _gifts(data: Mapping[str, Any]) -> tuple[float, str]:
    """One that says no number is one."""
    amount = int(_number(data.get("total"))) or 1
    return amount, str(amount)


def _money(data: Mapping[str, Any]) -> tuple[float, str]:
    amount = _number(data.get("amount"))
    if not amount:
        return 0, ""
    figures = str(int(amount)) if amount == int(amount) else f"{amount:.2f}"
    currency = data.get("currency")
    return amount, f"{figures} {_line(currency, 8)}".rstrip() if currency else figures


_AMOUNTS: Mapping[AlertKind, Callable[[Mapping[str, Any]], tuple[float, str]]] = {
    AlertKind.RESUB: _whole("months"),
    AlertKind.GIFT: _gifts,
    AlertKind.CHEER: _whole("bits"),
    AlertKind.RAID: _whole("viewers"),
    AlertKind.DONATION: _money,
}


def _tier(value: object) -> str:
    text = _line(value, 20)
    return _TIERS.get(text.casefold(), text)


def _line(value: object, most: int) -> str:
    """Whatever breaks it stands for a space; what cannot be seen is left out."""
    if not isinstance(value, str):
        return ""
    line = seen_line(value[: 4 * most], most)
    return line if is_one_line(line) and not is_blank(line) else ""
