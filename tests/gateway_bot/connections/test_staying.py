"""However connections end, the next try comes later, and never later than a minute by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as some

from gateway_bot.connections.staying import (
    FIRST_PAUSE_SECONDS,
    LONGEST_PAUSE_SECONDS,
    REFUSED_SECONDS,
    Broken,
    Refused,
    RefusedForGood,
    Staying,
    Waits,
    asked_pause,
)
from gateway_bot.connections.storing import append_each
from tests.helpers.carrying import an_event
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import Event

ENDS: list[Exception | None] = [
    None,
    Broken("closed with 1001"),
    aiohttp.ClientConnectionError(),
    TimeoutError(),
    OSError(),
    KeyError("a frame that nobody thought of"),
]


@dataclass(slots=True)
class Played:
    """Connections that end as they are told; after the last one the operator says no."""

    ends: list[tuple[Exception | None, float]]
    now: float = 0.0
    lots: list[tuple[float, float]] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    away: int = 0

    async def tell(self, words: str) -> None:
        if self.away:
            self.away -= 1
            raise Unavailable("the database")
        self.told.append(words)

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds

    def draw(self, low: float, high: float) -> float:
        self.lots.append((low, high))
        return (low + high) / 2

    def go(self) -> None:
        waits = Waits(clock=lambda: self.now, sleep=self.sleep, draw=self.draw)
        staying = Staying(platform="here", waits=waits, tell=self.tell)

        async def listen() -> None:
            if not self.ends:
                raise RefusedForGood("enough")
            end, stood = self.ends.pop(0)
            if stood:
                await staying.stands()
                self.now += stood
            if end is not None:
                raise end

        asyncio.run(staying.keep(listen))


@given(ends=some.lists(some.tuples(some.sampled_from(ENDS), some.sampled_from([0.0, 5.0, 300.0]))))
def test_pauses_double_up_to_a_minute_until_a_connection_stood_for_one(
    ends: list[tuple[Exception | None, float]],
) -> None:
    stood = [seconds for _, seconds in ends]
    played = Played(ends=list(ends))
    played.go()
    expected, longest = [], FIRST_PAUSE_SECONDS
    for seconds in stood:
        longest = FIRST_PAUSE_SECONDS if seconds > 60 else longest
        expected.append((longest / 2, longest))
        longest = min(longest * 2, LONGEST_PAUSE_SECONDS)
    assert played.lots == expected
    assert LONGEST_PAUSE_SECONDS == 60


def test_a_platform_that_asks_for_a_longer_pause_gets_it() -> None:
    played = Played(ends=[(Broken("slowly", pause_seconds=42.0), 0.0)])
    played.go()
    assert played.pauses == [42.0]


def test_a_refused_token_is_tried_again_slowly_and_the_operator_is_told_once() -> None:
    refused = Refused("set the token")
    played = Played(ends=[(refused, 0.0), (refused, 0.0), (None, 5.0)])
    played.go()
    assert played.told == ["set the token", "", "enough"]
    assert played.lots[:2] == [(REFUSED_SECONDS / 2, REFUSED_SECONDS)] * 2


def test_the_operator_is_told_as_soon_as_there_is_a_place_for_it() -> None:
    played = Played(ends=[], away=3)
    played.go()
    assert played.told == ["enough"]
    assert len(played.pauses) == 3


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("30", 30), ("1.5", 1.5), ("1e99", 3600), ("-1", 0), ("nan", 0), ("soon", 0), ("", 0)],
)
def test_a_pause_in_a_header_is_believed_where_it_can_be(header: str, seconds: float) -> None:
    assert asked_pause({"Retry-After": header}) == seconds


def test_an_event_that_cannot_be_written_is_left_out_and_its_neighbours_are_not() -> None:
    stored: list[str] = []

    async def append(events: Sequence[Event]) -> None:
        if any(event.text == "odd" for event in events):
            raise ValueError("surrogates not allowed")
        stored.extend(event.text for event in events)

    events = [an_event(text) for text in ("one", "odd", "two")]
    asyncio.run(append_each(events, append))
    assert stored == ["one", "two"]
