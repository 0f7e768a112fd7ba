"""From the event stream to the record and the reply stream, with the ceiling before and after."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from bench.ceiling import measure_ceiling
from bench.chat_log import Line, questions, replay
from bench.house import House, HouseDown
from bench.replay import PLACES, Log, event_of, pour, said_events
from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Event, Speaker
from waddlebot.stores.keys import Partitions
from waddlebot.stores.streams import encode_event
from waddlebot.stores.valkey import connect
from waddlebot_sdk.roles import Role

WARM_UP = 200
CEILING_TIMES = 2
"""So many more events for the ceiling, which is done so much sooner."""
OTHER_PLACES = "twitch:channel:88000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Events a second of a round, and of the ceiling in the mean of before and after it."""

    house: float
    ceiling: float

    @property
    def percent(self) -> float:
        return 100 * self.house / self.ceiling


def measure_chat(house: House, *, lines: int, rounds: int) -> list[Pace]:
    """98 % chat, 2 % commands."""
    return _measure(house, replay, lines, rounds)


def measure_commands(house: House, *, lines: int, rounds: int) -> list[Pace]:
    """`!quote` in ten channels that keep one: the module reads it and counts that it was shown.

    Raises HouseDown where a command was not answered.
    """
    keep_quotes(house)
    before = _replies(house)
    paces = _measure(house, questions, lines, rounds)
    answered, wanted = _replies(house) - before, WARM_UP + rounds * lines
    if answered != wanted:
        raise HouseDown(f"{answered} of {wanted} commands were answered")
    return paces


def keep_quotes(house: House) -> None:
    """One a place, by a moderator."""
    moderator = Speaker(id="1", name="Ana", role=Role.MODERATOR)
    line = Line(who="ana", text="!addquote Waddle on! - Ana")
    said = [event_of(line, place) for place in PLACES]
    pour(house, [msgspec.structs.replace(event, user=moderator) for event in said])


def _measure(house: House, log: Log, lines: int, rounds: int) -> list[Pace]:
    pour(house, said_events(WARM_UP, log))
    paces, before = [], _ceiling(house, log, lines)
    for _ in range(rounds):
        pace = pour(house, said_events(lines, log))
        after = _ceiling(house, log, lines)
        paces.append(Pace(house=pace, ceiling=(before + after) / 2))
        before = after
    return paces


def _ceiling(house: House, log: Log, lines: int) -> float:
    events = map(_elsewhere, said_events(CEILING_TIMES * lines, log))
    return measure_ceiling(house.addresses(), [encode_event(event) for event in events])


def _elsewhere(event: Event) -> Event:
    """In a place of its own: what the ceiling records is not counted as the house's."""
    return msgspec.structs.replace(event, entity=EntityId(f"{OTHER_PLACES}{event.entity[-1]}"))


def _replies(house: House) -> int:
    """How many have been put on the reply stream, ever."""
    streams = connect(house.addresses()["VALKEY_STREAMS_URL"])
    try:
        stream = Partitions().of("").replies_stream()
        return int(streams.xinfo_stream(stream)["entries-added"])
    finally:
        streams.close()
