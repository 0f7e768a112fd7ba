"""A bundle that dies, is late or answers oddly: each line is kept once, and told to its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.helpers.http_doors import says
from tests.helpers.router_doors import BATCH, Doors
from tests.helpers.secret_lines import DISCORD, TWITCH
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions, editing

Wire = Any
Door = Callable[[Wire, Any], Wire]
LINES = 8


def dies(_told: Wire) -> Wire:
    raise RuntimeError("killed")


def is_late(told: Wire) -> Wire:
    time.sleep(1.3)  # the router waits for a second
    return told


def mixes(told: Wire) -> Wire:
    names = list(told["answers"])
    return {"answers": dict(zip(names, reversed(told["answers"].values()), strict=True))}


def forgets_half(told: Wire) -> Wire:
    return {"answers": dict(list(told["answers"].items())[::2])}


def answers_strangers(told: Wire) -> Wire:
    return {"answers": {**told["answers"], "nobodys": [{}]}}


def answers_often(told: Wire) -> Wire:
    return {"answers": {name: wire * 400 for name, wire in told["answers"].items()}}


def says_nothing(_told: Wire) -> Wire:
    return None


def with_bad_day(door: Door, *, before: bool, bad: Callable[[Wire], Wire]) -> Door:
    """Of its bundles: before anything is done, or once all is kept."""

    def opened(wire: Wire, context: Any) -> Wire:
        if "calls" not in wire:
            return door(wire, context)
        return door(bad(wire), context) if before else bad(door(wire, context))

    return opened


def line(number: int) -> dict[str, Any]:
    """Odd ones are written in another community."""
    return says(
        f"!addquote waddle {number}",
        entity_id=DISCORD if number % 2 else TWITCH,
        user_id=str(number),
        roles=["moderator"],
        message_id=f"m{number}",
    )


def quotes(owner: Postgres) -> list[str]:
    rows = owner.write("SELECT content FROM memories ORDER BY content")
    return [row["content"] for row in rows]


@pytest.mark.parametrize(
    ("bad", "before"),
    [
        *((bad, True) for bad in (dies, is_late)),
        *((bad, False) for bad in (dies, is_late, mixes, forgets_half, says_nothing)),
        *((bad, False) for bad in (answers_strangers, answers_often)),
    ],
)
def test_each_line_is_kept_once_and_answered_in_its_own_place(
    doors: Doors,
    database: Postgres,
    owner: Postgres,
    versions: Versions,
    bad: Callable[[Wire], Wire],
    *,
    before: bool,
) -> None:
    with editing(database, versions) as edit:
        for place in (TWITCH, DISCORD):
            Places(edit).open(place)
    doors.handlers["memories"] = with_bad_day(doors.handlers["memories"], before=before, bad=bad)
    written = [f"waddle {number}" for number in range(LINES)]

    for _ in range(2):  # the caller sends it again, as it heard no answer
        told = doors.asks({"events": [line(number) for number in range(LINES)]}, route=BATCH)
        answers = [one["replies"][0]["chat_message"] for one in told.body["results"]]
        assert answers == [f"Kept as quote #{number // 2 + 1}." for number in range(LINES)]
        assert quotes(owner) == written
