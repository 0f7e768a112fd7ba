"""Ingress behind the stand-ins: people speak there, and what the bot says is seen there.

The router is stood in for by an answer in code; the way in, the stream and the way out are real.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import redis
import uvicorn

from functions.ingress import discord_handler, slack_handler, twitch_handler
from local.serving import PortServer
from local.stand_ins import StandIns, bot_environment
from tests.helpers.lambda_stand_in import Door, lambda_stand_in
from tests.helpers.payloads import EXECUTION
from tests.helpers.stand_ins import KEYS
from waddlebot.domain.entities import platform_of
from waddlebot.domain.events import Event
from waddlebot.domain.outcomes import Outgoing, Reply
from waddlebot.platforms.delivering import Delivered, HttpAnswer, HttpCall
from waddlebot.runtime.environment import Environment
from waddlebot.stores.streams import decode_event

_HANDLERS = {
    "/webhooks/discord": discord_handler.webhook,
    "/webhooks/slack": slack_handler.webhook,
    "/webhooks/twitch": twitch_handler.webhook,
}


@dataclass(frozen=True, slots=True)
class Scene:
    url: str
    environment: Environment
    streams: redis.Redis

    def says(self, who: str, on: str, text: str) -> dict[str, Any]:
        said = {"as": who, "on": on, "text": text}
        answer = _fetch("POST", f"{self.url}/stand-ins/says", {}, said)
        assert isinstance(answer.json, dict)
        return answer.json

    def breaks(self, on: str, what: str) -> dict[str, Any]:
        answer = _fetch("POST", f"{self.url}/stand-ins/break", {}, {"on": on, "what": what})
        assert isinstance(answer.json, dict)
        return answer.json

    def heard(self) -> list[dict[str, Any]]:
        answer = _fetch("GET", f"{self.url}/stand-ins/replies?after=0&wait=0", {})
        assert isinstance(answer.json, dict)
        return list(answer.json["replies"])

    def told(self) -> list[Event]:
        """What lies on the event stream."""
        entries: Any = self.streams.xrange("waddlebot:stream:events")
        return [decode_event(fields) for _, fields in entries]

    def deliver(self, outgoing: Outgoing) -> Delivered:
        sending = importlib.import_module(
            f"waddlebot.platforms.{platform_of(outgoing.entity)}.send"
        )
        delivery = sending.deliver(outgoing, sending.find_credentials(self.environment.values))
        call: HttpCall = next(delivery)
        while True:
            try:
                call = delivery.send(_fetch(call.method, call.url, call.headers, call.json))
            except StopIteration as done:
                delivered: Delivered = done.value
                return delivered


def a_reply_to(event: Event, text: str, *, number: int = 0, private: bool = False) -> Reply:
    return Reply(
        id=f"{EXECUTION}{number}",
        session_id="sess_1",
        execution_id=EXECUTION,
        entity=event.entity,
        text=text,
        way_back=event.way_back,
        user=event.user.id if event.user else None,
        user_name=event.user.name if event.user else "",
        private=private,
    )


@contextmanager
def scene(router: Callable[[Door], None], streams_url: str) -> Iterator[Scene]:
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    stand_ins = StandIns(keys=KEYS, webhook_url=url)
    with lambda_stand_in(router) as functions, redis.Redis.from_url(streams_url) as streams:
        told = {**bot_environment(url, KEYS), "VALKEY_STREAMS_URL": streams_url}
        environment = functions.environment(**told)
        app = _front(stand_ins, environment)
        server = PortServer(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            yield Scene(url, environment, streams)
        finally:
            server.end()
            thread.join()
            listener.close()


def _front(stand_ins: StandIns, environment: Environment) -> Any:
    webhooks = {path: build(environment) for path, build in _HANDLERS.items()}

    async def answer_webhook(scope: Any, receive: Any, send: Any) -> None:
        aws_event = {
            "headers": {name.decode(): value.decode() for name, value in scope["headers"]},
            "requestContext": {"timeEpoch": int(time.time() * 1000)},
            "body": (await receive())["body"].decode(),
        }
        answer = await asyncio.to_thread(webhooks[scope["path"]].receive, aws_event)
        headers = [(name.encode(), value.encode()) for name, value in answer["headers"].items()]
        status = answer["statusCode"]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": answer["body"].encode()})

    watched = stand_ins.watching(answer_webhook)

    async def front(scope: Any, receive: Any, send: Any) -> None:
        app = watched if scope.get("path") in webhooks else stand_ins
        await app(scope, receive, send)

    return front


def _fetch(
    method: str, url: str, headers: Mapping[str, str], body: Mapping[str, Any] | None = None
) -> HttpAnswer:
    request = urllib.request.Request(  # noqa: S310 # our own address
        url,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"content-type": "application/json", **headers},
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return HttpAnswer(status=answer.status, json=_json(answer.read()))
    except urllib.error.HTTPError as error:
        with error:
            return HttpAnswer(status=error.code, json=_json(error.read()))


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
