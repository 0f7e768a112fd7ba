"""Somebody who types a custom command, and what would be asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

from waddlebot.domain.custom_facts import (
    Facts,
    FollowingFacts,
    PlaceAmongAll,
    SaidLately,
    StreamFacts,
    SubscriberFacts,
)
from waddlebot.domain.custom_meanings import Calling
from waddlebot.domain.custom_variables import asked_in, check_text, tell

MOST = 500

STREAM = StreamFacts(
    name="The_Pond",
    login="the_pond",
    title="Waddling",
    game="Chess",
    started_at=datetime(2026, 7, 1, 16, 0, 9, tzinfo=UTC),
    viewers=12,
    followers=1200,
    following=FollowingFacts(since=datetime(2026, 6, 29, 18, 5, 9, tzinfo=UTC)),
    subscribers=SubscriberFacts(total=50, points=60),
    emotes="pondWave pondHug",
)


FACTS = Facts(
    standing=PlaceAmongAll(points=120, rank=5, ranked=283),
    stream=STREAM,
    lately=SaidLately(text="Hello!", at=datetime(2026, 7, 1, 17, 52, tzinfo=UTC)),
    chatters=("Pip",),
)


def calling(typed: str = "", **more: object) -> Calling:
    told: dict[str, object] = {
        "command": "hello",
        "typed": typed,
        "user": "Ana",
        "user_id": "42",
        "level": "user",
        "channel": "The Pond",
        "platform": "twitch",
        "zone": "Europe/Berlin",
        "now": datetime(2026, 7, 1, 18, 5, 9, tzinfo=UTC),
        "chance": Random(7),  # noqa: S311
        "count": counting(),
        "place": "1001",
        "line": "line-1",
        "facts": FACTS,
        **more,
    }
    return Calling(**told)  # type: ignore[arg-type]


def counting() -> Callable[[str, int], int]:
    counted: dict[str, int] = {}

    def count(counter: str, by: int) -> int:
        counted[counter] = counted.get(counter, 0) + by
        return counted[counter]

    return count


def said(text: str, typed: str = "") -> str:
    """What has to be asked for by itself is said as it would be asked."""
    check_text(text)
    asked = asked_in(text, calling(typed))
    answers = {one: f"<{one.name}: {given}>" for one, given in asked.items()}
    return tell(text, calling(typed, facts=replace(FACTS, answers=answers)), most=MOST)
