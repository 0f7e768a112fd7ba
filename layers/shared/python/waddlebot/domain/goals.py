"""What a community counts towards: of which alerts, and how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from waddlebot.domain.alert_events import WhatHappened
from waddlebot.domain.alerts import AlertKind
from waddlebot.domain.errors import Because, Refusal


class Counted(StrEnum):
    """As people type it."""

    FOLLOWS = "follows"
    SUBS = "subs"
    BITS = "bits"
    RAIDS = "raids"
    MEMBERS = "members"
    BOOSTS = "boosts"


COUNT: Mapping[str, object] = {"success": True, "response_action": "control", "control": "count"}
"""Pages have what it has come to beside whatever they are shown; here there is nothing else."""

MOST_TARGET = 10**9
MOST_TITLE = 60
_COUNTED: Mapping[AlertKind, Counted] = {
    AlertKind.FOLLOW: Counted.FOLLOWS,
    AlertKind.SUB: Counted.SUBS,
    AlertKind.RESUB: Counted.SUBS,
    AlertKind.GIFT: Counted.SUBS,
    AlertKind.CHEER: Counted.BITS,
    AlertKind.RAID: Counted.RAIDS,
    AlertKind.JOIN: Counted.MEMBERS,
    AlertKind.BOOST: Counted.BOOSTS,
}
_BY_AMOUNT = frozenset({AlertKind.GIFT, AlertKind.CHEER})


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityGoal:
    """`title` is empty for the usual one."""

    what: str
    target: int
    title: str = ""
    count: int = 0


def counts_of(happened: WhatHappened) -> tuple[str, int]:
    """What it counts for, and how much: `("subs", 10)`; `("", 0)` for what nobody counts."""
    what = _COUNTED.get(happened.kind)
    if what is None:
        return "", 0
    return what.value, int(happened.amount) if happened.kind in _BY_AMOUNT else 1


def read_counted(typed: str) -> Counted:
    """Raises Refusal."""
    wanted = typed.strip().casefold()
    if wanted not in set(Counted):
        words = f"There is no goal for '{typed[:40]}'. There are {', '.join(Counted)}."
        raise Refusal(words, Because.WRONG, field="what")
    return Counted(wanted)


def check_goal(goal: CommunityGoal) -> CommunityGoal:
    """Raises Refusal."""
    read_counted(goal.what)
    if not 1 <= goal.target <= MOST_TARGET or not 0 <= goal.count <= MOST_TARGET:
        words = f"A goal goes from 1 to {MOST_TARGET:,}."
        raise Refusal(words, Because.WRONG, field="target")
    if len(goal.title) > MOST_TITLE:
        words = f"A goal's title has {MOST_TITLE} characters at most."
        raise Refusal(words, Because.WRONG, field="title")
    return goal
