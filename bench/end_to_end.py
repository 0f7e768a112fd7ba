"""From the event stream to the record and the reply stream, with the ceiling before and after.

What is compared is CPU, of all processes of the house and its servers, and of the ceiling and the
same servers. By the clock a house of many processes gets a larger share of a machine that others
work on than a ceiling of one, and a module that is left alone answers soonest of all.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import msgspec

from bench.ceiling import MeasuredPace, measure_ceiling
from bench.chat_log import Line, questions, replay
from bench.house import SERVERS, House, cpu_by_part
from bench.pouring import Poured, pour
from bench.progress import BenchProgress
from bench.replay import PLACES, Log, event_of, said_events
from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Event, Speaker
from waddlebot.stores.streams import encode_event
from waddlebot_sdk.roles import Role

WARM_UP = 100
WARM_UPS = 5
"""Times at the most, until no call fails: functions start, and a module that was slow rests."""
CEILING_EVENTS = 3_000
"""A second's work or so, since CPU is told in hundredths of one."""
OTHER_PLACES = "twitch:channel:88000"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundPace:
    """Of one round; of the ceiling the mean of before and after it.

    `failed` of `lines` were no answer. `parts` are CPU seconds of a line, by part of the house.
    """

    house: MeasuredPace
    ceiling: MeasuredPace
    lines: int
    failed: int
    parts: Mapping[str, float]


def chat_paces(house: House, progress: BenchProgress, *, lines: int) -> Iterator[RoundPace]:
    """98 % chat, 2 % commands; rounds without end."""
    return _paces(house, replay, lines, progress, calls=False)


def command_paces(house: House, progress: BenchProgress, *, lines: int) -> Iterator[RoundPace]:
    """`!quote` in ten channels that keep one: the module reads it and counts that it was shown."""
    keep_quotes(house, progress)
    return _paces(house, questions, lines, progress, calls=True)


def keep_quotes(house: House, progress: BenchProgress) -> None:
    """One a place, by a moderator."""
    moderator = Speaker(id="1", name="Ana", role=Role.MODERATOR)
    line = Line(who="ana", text="!addquote Waddle on! - Ana")
    said = [event_of(line, place) for place in PLACES]
    events = [msgspec.structs.replace(event, user=moderator) for event in said]
    pour(house, events, progress, calls=True)


def _paces(
    house: House, log: Log, lines: int, progress: BenchProgress, *, calls: bool
) -> Iterator[RoundPace]:
    """With `calls` those lines count that were answered."""
    for _ in range(WARM_UPS):
        warm = pour(house, said_events(WARM_UP, log), progress, calls=calls)
        if _ended_well(warm, calls=calls) == WARM_UP:
            break
    while True:
        before = _ceiling(house, log)
        poured = pour(house, said_events(lines, log), progress, calls=calls)
        after = _ceiling(house, log)
        done, used = _ended_well(poured, calls=calls), sum(poured.cpu.values())
        yield RoundPace(
            house=MeasuredPace(by_clock=done / poured.seconds, by_cpu=done / used),
            ceiling=MeasuredPace(
                by_clock=(before.by_clock + after.by_clock) / 2,
                by_cpu=(before.by_cpu + after.by_cpu) / 2,
            ),
            lines=lines,
            failed=lines - done,
            parts={part: seconds / lines for part, seconds in poured.cpu.items()},
        )


def _ended_well(poured: Poured, *, calls: bool) -> int:
    return poured.answered if calls else poured.lines


def _ceiling(house: House, log: Log) -> MeasuredPace:
    events = map(_elsewhere, said_events(CEILING_EVENTS, log))
    entries = [encode_event(event) for event in events]

    def spent() -> float:
        servers = cpu_by_part(house.processes())
        return time.process_time() + sum(servers[part] for part in SERVERS)

    return measure_ceiling(house.addresses(), entries, spent)


def _elsewhere(event: Event) -> Event:
    """In a place of its own: what the ceiling records is not counted as the house's."""
    return msgspec.structs.replace(event, entity=EntityId(f"{OTHER_PLACES}{event.entity[-1]}"))
