"""The router is held, or killed, at every step: everybody gets one answer, within 20 seconds."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from tests.chaos.conftest import Tapped
from tests.chaos.tap import Fault, Moment, held_for, killed, killed_after
from tests.helpers import signed
from tests.helpers.house import House
from tests.helpers.patience import patience, was_within
from tests.helpers.signed import Delivery
from waddlebot.stores.receipts import BEGIN, FINISH

pytestmark = pytest.mark.xdist_group("houses in storms")

BEGIN_NAME, FINISH_NAME = BEGIN.sha.encode(), FINISH.sha.encode()
PATIENCE_SECONDS = patience(20.0)
PLATFORM_PATIENCE_SECONDS = 3.0
QUIET_SECONDS = 2.5
"""Longer than a busy event waits for its next try."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    delivery: Delivery
    channel: str

    def answers(self, house: House) -> list[str]:
        shown = house.get("/stand-ins/replies?after=0")["replies"]
        return [item["text"] for item in shown if item["channel"] == self.channel]


def questions(house: House, text: str) -> list[Question]:
    """One on each platform, from places of their own."""
    numbers = [str(10**14 + uuid.uuid4().int % 10**14) for _ in range(3)]
    discord, slack, twitch = numbers
    return [
        Question(
            channel=discord,
            delivery=signed.discord_slash(house, text, guild=discord, channel=discord),
        ),
        Question(
            channel=f"C{slack}",
            delivery=signed.slack_slash(house, text, team=f"T{slack}", channel=f"C{slack}"),
        ),
        Question(channel=twitch, delivery=signed.twitch_line(house, f"!{text}", channel=twitch)),
    ]


@pytest.fixture(scope="module", autouse=True)
def warm(tapped: Tapped) -> None:
    """The server knows the scripts by name from now on, and there are workers for three."""
    for _ in range(2):
        ask_all(tapped.house, "help", [])


@pytest.mark.parametrize("seconds", [0.0, 1.7, 1.9, 2.1, 10.0])
def test_a_router_that_is_held_answers_once(tapped: Tapped, seconds: float) -> None:
    faults = [
        tapped.tap.plan(
            Fault(words=(BEGIN_NAME, of), moment=Moment.AFTER, strike=held_for(seconds))
        )
        for of in PLATFORMS
    ]
    ask_all(tapped.house, "quote", faults)


PLATFORMS = (b"receipt:discord:", b"receipt:slack:", b"receipt:twitch:")
DEATHS = {
    "before it is known whose the event is": (BEGIN_NAME, Moment.BEFORE, killed),
    "before the module's call": (BEGIN_NAME, Moment.AFTER, killed),
    "after the module's call": (FINISH_NAME, Moment.BEFORE, killed),
    "after the answer was settled": (FINISH_NAME, Moment.AFTER, killed),
}


@pytest.mark.parametrize("death", DEATHS)
def test_a_router_that_is_killed_costs_no_answer(tapped: Tapped, death: str) -> None:
    step, moment, strike = DEATHS[death]
    faults = [
        tapped.tap.plan(Fault(words=(step, of), moment=moment, strike=strike)) for of in PLATFORMS
    ]
    ask_all(tapped.house, "quote", faults)


def test_a_router_that_is_killed_during_the_modules_call_costs_no_answer(tapped: Tapped) -> None:
    for number, of in enumerate(PLATFORMS):
        tapped.house.post("/playground/breakers/hang", {})
        fault = tapped.tap.plan(
            Fault(words=(BEGIN_NAME, of), moment=Moment.AFTER, strike=killed_after(0.5))
        )
        ask_all(tapped.house, "quote", [fault], only=[number])


def ask_all(
    house: House, text: str, faults: Sequence[Fault], *, only: Sequence[int] = (0, 1, 2)
) -> None:
    asked = [questions(house, text)[number] for number in only]
    began = time.monotonic()
    with ThreadPoolExecutor(len(asked)) as people:
        statuses = [done[0] for done in people.map(lambda one: one.delivery.send(house), asked)]
    assert was_within(PLATFORM_PATIENCE_SECONDS, began)
    assert all(200 <= status < 300 for status in statuses), statuses
    while not all(one.answers(house) for one in asked):
        assert was_within(PATIENCE_SECONDS, began), [one.answers(house) for one in asked]
        time.sleep(0.2)
    not_yet = [fault.words for fault in faults if not fault.happened.is_set()]
    assert not not_yet, (not_yet, [one.answers(house) for one in asked])
    time.sleep(QUIET_SECONDS)
    answers = [one.answers(house) for one in asked]
    assert [len(told) for told in answers] == [1] * len(asked), answers
