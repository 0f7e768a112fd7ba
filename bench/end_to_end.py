"""From the event stream to the record and the reply stream, with the ceiling before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from bench.ceiling import measure_ceiling
from bench.chat_log import Line, questions, replay
from bench.house import House
from bench.replay import PLACES, Log, event_of, pour, said_events
from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Event, Speaker
from waddlebot.stores.streams import encode_event
from waddlebot_sdk.roles import Role

WARM_UP = 200
CEILING_TIMES = 2
"""So many more events for the ceiling, which is done so much sooner."""
OTHER_PLACES = "twitch:channel:88000"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundPace:
    """Events a second of a round, and of the ceiling in the mean of before and after it."""

    house: float
    ceiling: float


def chat_paces(house: House, *, lines: int) -> Iterator[RoundPace]:
    """98 % chat, 2 % commands; rounds without end."""
    return _paces(house, replay, lines, answered=0)


def command_paces(house: House, *, lines: int) -> Iterator[RoundPace]:
    """`!quote` in ten channels that keep one: the module reads it and counts that it was shown."""
    keep_quotes(house)
    return _paces(house, questions, lines, answered=1)


def keep_quotes(house: House) -> None:
    """One a place, by a moderator."""
    moderator = Speaker(id="1", name="Ana", role=Role.MODERATOR)
    line = Line(who="ana", text="!addquote Waddle on! - Ana")
    said = [event_of(line, place) for place in PLACES]
    events = [msgspec.structs.replace(event, user=moderator) for event in said]
    pour(house, events, answers=len(events))


def _paces(house: House, log: Log, lines: int, *, answered: int) -> Iterator[RoundPace]:
    """`answered` is how often each line surely is."""
    pour(house, said_events(WARM_UP, log), answers=answered * WARM_UP)
    while True:
        before = _ceiling(house, log, lines)
        pace = pour(house, said_events(lines, log), answers=answered * lines)
        after = _ceiling(house, log, lines)
        yield RoundPace(house=pace, ceiling=(before + after) / 2)


def _ceiling(house: House, log: Log, lines: int) -> float:
    events = map(_elsewhere, said_events(CEILING_TIMES * lines, log))
    return measure_ceiling(house.addresses(), [encode_event(event) for event in events])


def _elsewhere(event: Event) -> Event:
    """In a place of its own: what the ceiling records is not counted as the house's."""
    return msgspec.structs.replace(event, entity=EntityId(f"{OTHER_PLACES}{event.entity[-1]}"))
