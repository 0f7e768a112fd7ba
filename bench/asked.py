"""How long somebody waits who asks a warm house, from the request to the whole answer."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from bench.house import House, HouseDown, ask
from bench.replay import Request
from local.stand_ins.discord.interactions import interaction_body, sign
from local.stand_ins.people import People
from local.stand_ins.places import Places
from local.stand_ins.webhooks import Attempt

WARM_UP = 10
PEOPLE = 50
"""So that nobody's window of a command fills up."""
ANSWERED = 4
"""Discord's type of an answer with a message; 5 would be "is thinking"."""


def ask_api(house: House, times: int) -> list[float]:
    """Milliseconds of `!help` at `POST /api/router/process`: the router alone answers."""
    key = {"authorization": f"Bearer {house.keys['WADDLEBOT_API_KEY']}"}
    home = Places().home("twitch")

    def build(number: int) -> Request:
        body = {
            "message_type": "chatMessage",
            "entity_id": home.entity_id,
            "user_id": f"bench{number % PEOPLE}",
            "message": "!help",
        }
        return Request(path="/api/router/process", body=json.dumps(body).encode(), headers=key)

    def is_answer(body: bytes) -> bool:
        return bool(json.loads(body)["replies"])

    return _asked(house, times, build, is_answer)


def ask_discord(house: House, times: int) -> list[float]:
    """Milliseconds of `/waddlebot quote` as an interaction: ingress, router, module memories."""
    keys, people = house.keys, People()
    home = Places().home("discord")
    option = {"name": "command", "type": 3, "value": "quote"}
    data = {"id": "9000", "name": "waddlebot", "type": 1, "options": [option]}

    def build(number: int) -> Request:
        person = people.named(f"bench{number % PEOPLE}")
        payload = interaction_body(
            2, person, home, data, application=keys["DISCORD_APPLICATION_ID"]
        )
        body = json.dumps(payload).encode()
        headers = sign(keys["DISCORD_STAND_IN_PRIVATE_KEY"], body, Attempt())
        return Request(path="/webhooks/discord", body=body, headers=headers)

    def is_answer(body: bytes) -> bool:
        return bool(json.loads(body)["type"] == ANSWERED)

    return _asked(house, times, build, is_answer)


def _asked(
    house: House,
    times: int,
    build: Callable[[int], Request],
    is_answer: Callable[[bytes], bool],
) -> list[float]:
    """One after another on one connection. Raises HouseDown where an answer is none."""
    connection, took = house.connect(), list[float]()
    for number in range(WARM_UP + times):
        request = build(number)
        began = time.perf_counter()
        status, body = ask(connection, "POST", request.path, request.body, request.headers)
        took.append((time.perf_counter() - began) * 1000)
        if status != 200 or not is_answer(body):
            raise HouseDown(f"status {status} from {request.path}: {body[:200]!r}")
    connection.close()
    return took[WARM_UP:]
