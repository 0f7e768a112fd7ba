"""How long somebody waits who asks the house, from the request to the whole answer."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
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
ANSWERED = 4
"""Discord's type of an answer with a message; 5 would be "is thinking"."""


Build = Callable[[int], ReplayRequest]
IsAnswer = Callable[[bytes], bool]


def ask_api(house: House, times: int) -> list[float]:
    """Milliseconds of `!help` at `POST /api/router/process`: the router alone answers."""
    return _asked(house, times, *_api(house))


def ask_discord(house: House, times: int) -> list[float]:
    """Milliseconds of `/waddlebot quote` as an interaction: ingress, router, module memories."""
    return _asked(house, times, *_discord(house))


def ask_api_cold(house: House, times: int) -> list[float]:
    """The same, each with no function running."""
    return _asked_cold(house, times, *_api(house))


def ask_discord_cold(house: House, times: int) -> list[float]:
    """The same, each with no function running: three of them start for one answer."""
    return _asked_cold(house, times, *_discord(house))


def _api(house: House) -> tuple[Build, IsAnswer]:
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

    def is_answer(body: bytes) -> bool:
        return bool(json.loads(body)["replies"])

    return build, is_answer


def _discord(house: House) -> tuple[Build, IsAnswer]:
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

    def is_answer(body: bytes) -> bool:
        return bool(json.loads(body)["type"] == ANSWERED)

    return build, is_answer


def _asked(house: House, times: int, build: Build, is_answer: IsAnswer) -> list[float]:
    """One after another on one connection. Raises HouseDown where an answer is none."""
    connection, took = house.connect(), list[float]()
    for number in range(WARM_UP + times):
        took.append(_ask(connection, build(number), is_answer))
    connection.close()
    return took[WARM_UP:]


def _asked_cold(house: House, times: int, build: Build, is_answer: IsAnswer) -> list[float]:
    """The connection stays, and so does the front behind it. Raises HouseDown as `_asked`."""
    connection, took = house.connect(), list[float]()
    for number in range(times):
        stop_functions(house)
        took.append(_ask(connection, build(number), is_answer))
    connection.close()
    return took


def _ask(connection: HTTPConnection, request: ReplayRequest, is_answer: IsAnswer) -> float:
    began = time.perf_counter()
    status, body = ask(connection, "POST", request.path, request.body, request.headers)
    took = (time.perf_counter() - began) * 1000
    if status != HTTPStatus.OK or not is_answer(body):
        raise HouseDown(f"status {status} from {request.path}: {body[:200]!r}")
    return took
