"""How long somebody waits who asks the house, from the request to the whole answer."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection

from bench.house import House, HouseDown, ask, stop_functions
from bench.replay import ReplayRequest
from local.stand_ins.discord.interactions import interaction_body, sign
from local.stand_ins.people import StandInPeople
from local.stand_ins.places import StandInPlaces
from local.stand_ins.webhooks import Attempt

WARM_UP = 10
PEOPLE = 50
"""So that nobody's window of a command fills up."""
ANSWERED, THINKING = 4, 5
"""Discord's types of an answer with a message, and of one that is to follow."""


@dataclass(slots=True)
class AskedWaits:
    """Milliseconds each. Those that were put off are counted to "is thinking", which is less."""

    took: list[float] = field(default_factory=list)
    put_off: int = 0


Build = Callable[[int], ReplayRequest]
PutOff = Callable[[bytes], bool]
"""Whether the answer is to follow. Raises HouseDown where it is none."""


def ask_api(house: House, times: int) -> AskedWaits:
    """Milliseconds of `!help` at `POST /api/router/process`: the router alone answers."""
    return _asked(house, times, *_api(house))


def ask_discord(house: House, times: int) -> AskedWaits:
    """Milliseconds of `/waddlebot quote` as an interaction: ingress, router, module memories."""
    return _asked(house, times, *_discord(house))


def ask_api_cold(house: House, times: int) -> AskedWaits:
    """The same, each with no function running."""
    return _asked_cold(house, times, *_api(house))


def ask_discord_cold(house: House, times: int) -> AskedWaits:
    """The same, each with no function running: three of them start for one answer."""
    return _asked_cold(house, times, *_discord(house))


def _api(house: House) -> tuple[Build, PutOff]:
    key = {"authorization": f"Bearer {house.keys['WADDLEBOT_API_KEY']}"}
    home = StandInPlaces().home("twitch")

    def build(number: int) -> ReplayRequest:
        body = {
            "message_type": "chatMessage",
            "entity_id": home.entity_id,
            "user_id": f"bench{number % PEOPLE}",
            "message": "!help",
        }
        return ReplayRequest(
            path="/api/router/process", body=json.dumps(body).encode(), headers=key
        )

    def is_put_off(body: bytes) -> bool:
        if not json.loads(body)["replies"]:
            raise HouseDown(f"no reply: {body[:200]!r}")
        return False

    return build, is_put_off


def _discord(house: House) -> tuple[Build, PutOff]:
    keys, people = house.keys, StandInPeople()
    home = StandInPlaces().home("discord")
    option = {"name": "command", "type": 3, "value": "quote"}
    data = {"id": "9000", "name": "waddlebot", "type": 1, "options": [option]}

    def build(number: int) -> ReplayRequest:
        person = people.named(f"bench{number % PEOPLE}")
        payload = interaction_body(
            2, person, home, data, application=keys["DISCORD_APPLICATION_ID"]
        )
        body = json.dumps(payload).encode()
        headers = sign(keys["DISCORD_STAND_IN_PRIVATE_KEY"], body, Attempt())
        return ReplayRequest(path="/webhooks/discord", body=body, headers=headers)

    def is_put_off(body: bytes) -> bool:
        kind = json.loads(body)["type"]
        if kind not in (ANSWERED, THINKING):
            raise HouseDown(f"no answer: {body[:200]!r}")
        return bool(kind == THINKING)

    return build, is_put_off


def _asked(house: House, times: int, build: Build, is_put_off: PutOff) -> AskedWaits:
    """One after another on one connection. Raises HouseDown where an answer is none."""
    with house.connect() as connection:
        _ask_all(connection, map(build, range(WARM_UP)), is_put_off)
        return _ask_all(connection, map(build, range(WARM_UP, WARM_UP + times)), is_put_off)


def _asked_cold(house: House, times: int, build: Build, is_put_off: PutOff) -> AskedWaits:
    """The connection stays, and so does the front behind it. Raises HouseDown as `_asked`."""

    def stopped_first(number: int) -> ReplayRequest:
        stop_functions(house)
        return build(number)

    with house.connect() as connection:
        return _ask_all(connection, map(stopped_first, range(times)), is_put_off)


def _ask_all(
    connection: HTTPConnection, requests: Iterable[ReplayRequest], is_put_off: PutOff
) -> AskedWaits:
    waits = AskedWaits()
    for request in requests:
        began = time.perf_counter()
        status, body = ask(connection, "POST", request.path, request.body, request.headers)
        waits.took.append((time.perf_counter() - began) * 1000)
        if status != HTTPStatus.OK:
            raise HouseDown(f"status {status} from {request.path}: {body[:200]!r}")
        waits.put_off += is_put_off(body)
    return waits
