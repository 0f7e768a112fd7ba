"""What somebody's standing is: from 300 to 850, in five tiers (facts, 2.3 and 17.2).

It moves with what a person did, slowly, and never by what others gave them. It is kept in
thousandths: a line of chat is worth ten of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from waddlebot.domain.events import MessageType
from waddlebot.domain.reputation import MOST_UNITS

THOUSAND = 1_000
LEAST, BEGIN, MOST = 300 * THOUSAND, 600 * THOUSAND, 850 * THOUSAND
TIERS: Mapping[str, int] = {
    "exceptional": 800,
    "very good": 740,
    "good": 670,
    "fair": 580,
    "poor": LEAST // THOUSAND,
}
"""From where on, the highest first."""
_SUBSCRIPTION = 5_000
WEIGHTS: Mapping[MessageType, int] = {
    MessageType.CHAT_MESSAGE: 10,
    MessageType.APP_MENTION: 10,
    MessageType.FOLLOW: 1_000,
    MessageType.SUBSCRIPTION: _SUBSCRIPTION,
    MessageType.RESUB: _SUBSCRIPTION,
    MessageType.GIFT_SUBSCRIPTION: 3_000,
    MessageType.CHEER: 10,
    MessageType.RAID: 2_000,
    MessageType.BOOST: 5_000,
    MessageType.WARN: -25_000,
    MessageType.TIMEOUT: -50_000,
    MessageType.KICK: -75_000,
    MessageType.BAN: -200_000,
}
"""In thousandths; those of units are for each."""
_UNITS = {MessageType.CHEER: "bits", MessageType.GIFT_SUBSCRIPTION: "total"}
_BY_TIER = {"2000": 2, "3000": 4}
"""So many times as much as the first tier of Twitch's subscriptions."""
_WITH_TIERS = {MessageType.SUBSCRIPTION, MessageType.RESUB}


def weight_for(type_: MessageType, data: Mapping[str, Any]) -> int:
    """How far an event moves the standing, in thousandths; at most from the middle to an end."""
    weight = WEIGHTS.get(type_, 0)
    if type_ in _WITH_TIERS:
        weight *= _BY_TIER.get(str(data.get("tier")), 1)
    unit = _UNITS.get(type_)
    if unit is not None and data.get(unit) is not None:
        weight *= _count(data[unit])
    return max(LEAST - BEGIN, min(MOST - BEGIN, weight))


def tier_of(standing: int) -> str:
    """`standing` in thousandths."""
    points = standing // THOUSAND
    return next((tier for tier, least in TIERS.items() if points >= least), "poor")


def _count(value: Any) -> int:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return min(max(value, 0), MOST_UNITS) if is_number else 0
