"""A chat log through the doors of a running house; a line counts when it is recorded."""

from __future__ import annotations

import itertools
import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection

from bench.chat_log import Line, replay
from bench.house import House, HouseDown, ask
from bench.progress import BenchProgress
from bench.waiting import wait_for
from local.stand_ins.people import StandInPeople
from local.stand_ins.places import StandInPlace
from local.stand_ins.twitch.payloads import chat_line, new_envelope, sign, subscription_body
from local.stand_ins.webhooks import Attempt
from waddlebot.domain.events import Channel, Event, MessageType, Speaker
from waddlebot.stores.postgres import Postgres

CHANNELS = 10
SENDERS = 8
"""Connections of the load, which runs on the same cores as the house."""
BATCH = 100
PAUSES_SECONDS = (0.2, 0.5, 1.0)

PLACES = tuple(
    StandInPlace(platform="twitch", server=None, channel=f"77000{number}", name=f"bench{number}")
    for number in range(CHANNELS)
)
OWN_PLACE = StandInPlace(platform="twitch", server=None, channel="7700099", name="benchown")
"""One with a prefix of its own."""

Log = Callable[[int], Iterator[Line]]
"""Lines without end, other ones for each seed."""

_people = StandInPeople()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayRequest:
    path: str
    body: bytes
    headers: Mapping[str, str]


def through_webhook(house: House, lines: int) -> float:
    """Twitch EventSub, one signed notification a line: door, stream, reader, router, record."""
    secret = house.keys["TWITCH_EVENTSUB_SECRET"]
    requests = [_notification(line, place, secret) for line, place in _said(lines)]
    return _timed(house, lines, lambda: _post_all(house, requests, senders=SENDERS))


def through_api(house: House, lines: int) -> float:
    """`POST /api/router/batch`, a hundred lines a call, one call after another."""
    bodies = [_api_event(line, place) for line, place in _said(lines)]
    key = {"authorization": f"Bearer {house.keys['WADDLEBOT_API_KEY']}"}
    requests = [
        ReplayRequest(
            path="/api/router/batch",
            body=json.dumps({"events": bodies[at : at + BATCH]}).encode(),
            headers=key,
        )
        for at in range(0, lines, BATCH)
    ]
    return _timed(house, lines, lambda: _post_all(house, requests, senders=1))


def said_events(count: int, log: Log = replay) -> list[Event]:
    """New ones, as a connection of gateway_bot makes them."""
    return [event_of(line, place) for line, place in _said(count, log)]


def _said(count: int, log: Log = replay) -> Iterator[tuple[Line, StandInPlace]]:
    """Lines of the log, in turn in each channel; another place in the log for each road."""
    lines = itertools.islice(log(uuid.uuid4().int), count)
    return zip(lines, itertools.cycle(PLACES), strict=False)


def _timed(house: House, lines: int, send: Callable[[], None]) -> float:
    """Lines a second, from the first that is sent to the last that stands in the record.

    Raises HouseDown.
    """
    with house.database() as database:
        wanted = _recorded(database) + lines
        began = time.monotonic()
        send()
        found = wait_for(
            wanted, partial(_recorded, database), progress=BenchProgress(lambda _words: None)
        )
        if found < wanted:
            raise HouseDown(f"of {lines} lines, {wanted - found} were not recorded")
        return lines / (time.monotonic() - began)


def _recorded(database: Postgres) -> int:
    [row] = database.write(
        "SELECT count(*) AS lines FROM messages WHERE entity_id LIKE 'twitch:channel:77000%%'", ()
    )
    return int(row["lines"])


def _post_all(house: House, requests: Sequence[ReplayRequest], *, senders: int) -> None:
    """Raises HouseDown where one of them was not answered with 2xx."""
    left, wrong = iter(requests), list[str]()
    turn = threading.Lock()

    def work() -> None:
        with house.connect() as connection:
            while not wrong:
                with turn:
                    request = next(left, None)
                if request is None:
                    break
                if refusal := _post(connection, request):
                    wrong.append(refusal)

    threads = [threading.Thread(target=work) for _ in range(senders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise HouseDown(wrong[0])


def _post(connection: HTTPConnection, request: ReplayRequest) -> str:
    """What went wrong, or nothing. 503 says "not stored": then it comes again, as from Twitch."""
    for pause in (*PAUSES_SECONDS, 0.0):
        status, answer = ask(connection, "POST", request.path, request.body, request.headers)
        if status != HTTPStatus.SERVICE_UNAVAILABLE:
            break
        time.sleep(pause)
    return "" if 200 <= status < 300 else f"status {status} from {request.path}: {answer[:200]!r}"


def _notification(line: Line, place: StandInPlace, secret: str) -> ReplayRequest:
    person = _people.named(_login(line))
    subscription = subscription_body(
        "channel.chat.message",
        "1",
        {"broadcaster_user_id": place.channel, "user_id": "1000"},
        "https://bench.invalid",
    )
    event = chat_line(person, place, line.text)
    body = json.dumps({"subscription": subscription, "event": event}).encode()
    headers = sign(secret, body, Attempt(), new_envelope("notification", subscription))
    return ReplayRequest(path="/webhooks/twitch", body=body, headers=headers)


def _login(line: Line) -> str:
    """As Twitch has them: letters and digits of the alphabet."""
    return "".join(letter for letter in line.who if letter.isascii() and letter.isalnum()) or "fan"


def event_of(line: Line, place: StandInPlace) -> Event:
    message = str(uuid.uuid4())
    return Event(
        id=f"twitch:{message}",
        type=MessageType.CHAT_MESSAGE,
        entity=place.entity_id,
        user=Speaker(id=line.who, name=line.who),
        text=line.text,
        message=message,
        occurred_at=datetime.now(UTC),
        way_back=Channel(message=message),
    )


def _api_event(line: Line, place: StandInPlace) -> dict[str, str]:
    return {
        "message_type": "chatMessage",
        "entity_id": place.entity_id,
        "user_id": line.who,
        "username": line.who,
        "message": line.text,
        "message_id": str(uuid.uuid4()),
    }
