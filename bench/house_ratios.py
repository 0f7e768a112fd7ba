"""What a running house does, beside the ceiling of its servers, and an own prefix beside `!`."""

from __future__ import annotations

import itertools
import json
import statistics
import time
from collections.abc import Iterator
from http import HTTPStatus
from http.client import HTTPConnection

import msgspec

from bench import end_to_end
from bench.chat_log import Line
from bench.end_to_end import RoundPace
from bench.house import House, HouseDown, ask
from bench.pouring import pour
from bench.progress import BenchProgress
from bench.ratios import Pair, Turn
from bench.replay import OWN_PLACE, PLACES, event_of
from local.stand_ins.places import StandInPlace
from waddlebot.domain.events import Speaker
from waddlebot_sdk.roles import Role

CHAT_KEY, COMMANDS_KEY, PREFIX_KEY = "chat", "commands", "prefix"
USUAL, OWN = "!", "?"
ASKED = 12
"""Of each prefix in a turn."""
PER_MINUTE = 100_000
"""So many may the account ask that only this asks with: more than it can."""
PEOPLE = 400
"""So that nobody's window of a command fills up."""


Paces = dict[str, list[RoundPace]]
"""All that was measured, by the key of the goal."""


def chat_turns(
    house: House, progress: BenchProgress, paces: Paces, *, lines: int
) -> Iterator[Turn]:
    """98 % chat, 2 % commands, beside the ceiling before and after; `paces` are added to."""
    return _turns(CHAT_KEY, end_to_end.chat_paces(house, progress, lines=lines), paces)


def command_turns(
    house: House, progress: BenchProgress, paces: Paces, *, lines: int
) -> Iterator[Turn]:
    """All commands, of a module that writes; as `chat_turns`."""
    return _turns(COMMANDS_KEY, end_to_end.command_paces(house, progress, lines=lines), paces)


def _turns(key: str, rounds: Iterator[RoundPace], paces: Paces) -> Iterator[Turn]:
    for one in rounds:
        paces.setdefault(key, []).append(one)
        yield {key: Pair(one.house.by_cpu, one.ceiling.by_cpu)}


def prefix_turns(house: House, progress: BenchProgress) -> Iterator[Turn]:
    """Milliseconds of `?help` where the prefix is `?`, beside `!help` elsewhere, in turn."""
    _set_prefix(house, OWN_PLACE, progress)
    key, places = _make_key(house), {OWN: OWN_PLACE, USUAL: PLACES[0]}
    numbers, prefixes = itertools.count(), [OWN, USUAL]
    while True:
        took: dict[str, list[float]] = {OWN: [], USUAL: []}
        # The front ends a connection that rests while others have their turn.
        with house.connect() as connection:
            for number in itertools.islice(numbers, 1 + ASKED):
                for prefix in prefixes:
                    ms = _help_ms(connection, key, prefix, places[prefix], number)
                    took[prefix].append(ms)
                # Who is asked first waits 4 % longer, whichever prefix it is.
                prefixes.reverse()
        ours, usual = (statistics.median(took[prefix][1:]) for prefix in (OWN, USUAL))
        yield {PREFIX_KEY: Pair(ours, usual)}


def _make_key(house: House) -> str:
    wanted = {"account": "bench-prefix", "kind": "collector", "per_minute": PER_MINUTE}
    operator = {"authorization": f"Bearer {house.keys['WADDLEBOT_API_KEY']}"}
    with house.connect() as connection:
        body = json.dumps(wanted).encode()
        status, told = ask(connection, "POST", "/api/operations/keys", body, operator)
    if status != HTTPStatus.OK:
        raise HouseDown(f"no key was made: {status} {told[:200]!r}")
    return str(json.loads(told)["key"])


def _set_prefix(house: House, place: StandInPlace, progress: BenchProgress) -> None:
    """By whom the place belongs to."""
    owner = Speaker(id="1", name="Ana", role=Role.OWNER)
    said = event_of(Line(who="ana", text=f"!settings set prefix {OWN}"), place)
    pour(house, [msgspec.structs.replace(said, user=owner)], progress, calls=True)


def _help_ms(
    connection: HTTPConnection, key: str, prefix: str, place: StandInPlace, number: int
) -> float:
    asked = {
        "message_type": "chatMessage",
        "entity_id": place.entity_id,
        "user_id": f"prefix{number % PEOPLE}",
        "message": f"{prefix}help",
    }
    headers = {"authorization": f"Bearer {key}"}
    began = time.perf_counter()
    status, body = ask(
        connection, "POST", "/api/router/process", json.dumps(asked).encode(), headers
    )
    took = (time.perf_counter() - began) * 1000
    if status != HTTPStatus.OK or not json.loads(body)["replies"]:
        raise HouseDown(f"{prefix}help was answered with {status}: {body[:200]!r}")
    return took
