"""The stand-ins over real HTTP, and in front of them a bot of a few lines that answers."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import uvicorn
from nacl.signing import SigningKey

from local.serving import PortServer
from local.stand_ins import StandIns, bot_environment

TOKEN = "the-token"
_SEED = SigningKey(b"7" * 32)
KEYS: Mapping[str, str] = {
    "SLACK_SIGNING_SECRET": "8f742231b10e8888abcd99yyyzzz85a5",
    "DISCORD_STAND_IN_PRIVATE_KEY": (b"7" * 32).hex(),
    "DISCORD_PUBLIC_KEY": bytes(_SEED.verify_key).hex(),
    "DISCORD_APPLICATION_ID": "123456789012345678",
    "TWITCH_EVENTSUB_SECRET": "a secret of Twitch",
    "STAND_IN_TOKEN": TOKEN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """A webhook as the bot got it; header names are lower-case."""

    platform: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class TinyBot:
    """Answers every line with "echo: …" in the way of the platform; `statuses` come first."""

    environment: Mapping[str, str] = field(default_factory=dict)
    hooks: list[Hook] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    discord_answer: dict[str, Any] | None = None
    slack_seconds: float = 0.0
    """With an hourglass meanwhile."""
    _busy: set[asyncio.Task[None]] = field(default_factory=set)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = (await receive())["body"]
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        hook = Hook(platform=scope["path"].rpartition("/")[2], headers=headers, body=body)
        self.hooks.append(hook)
        status, answer = self._answer(hook)
        kind = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": status, "headers": kind})
        await send({"type": "http.response.body", "body": answer})

    def _answer(self, hook: Hook) -> tuple[int, bytes]:
        if self.statuses:
            return self.statuses.pop(0), b""
        if hook.platform == "discord":
            return 200, self._discord(json.loads(hook.body))
        if hook.platform == "slack":
            return 200, self._slack(hook.body)
        return self._twitch(json.loads(hook.body))

    def _discord(self, payload: dict[str, Any]) -> bytes:
        if self.discord_answer is not None:
            return json.dumps(self.discord_answer).encode()
        words = " ".join(option["value"] for option in payload["data"].get("options", ()))
        return json.dumps({"type": 4, "data": {"content": f"echo: {words}"}}).encode()

    def _slack(self, body: bytes) -> bytes:
        if not body.startswith(b"{"):
            words = urllib.parse.parse_qs(body.decode()).get("text", [""])[0]
            return json.dumps({"response_type": "in_channel", "text": f"echo: {words}"}).encode()
        event = json.loads(body)["event"]
        if event["type"] == "message":
            said = {"channel": event["channel"], "text": f"echo: {event['text']}"}
            if self.slack_seconds:
                self._keep(self._slowly(said, event["ts"]))
            else:
                self._later(f"{self.environment['SLACK_API_URL']}/chat.postMessage", said)
        return b""

    async def _slowly(self, said: dict[str, Any], line: str) -> None:
        at = self.environment["SLACK_API_URL"]
        mark = {
            "channel": said["channel"],
            "timestamp": line,
            "name": "hourglass_flowing_sand",
        }
        await _post(f"{at}/reactions.add", mark)
        await asyncio.sleep(self.slack_seconds)
        await _post(f"{at}/reactions.remove", mark)
        await _post(f"{at}/chat.postMessage", said)

    def _twitch(self, payload: dict[str, Any]) -> tuple[int, bytes]:
        if "challenge" in payload:
            return 200, payload["challenge"].encode()
        event = payload["event"]
        if "chatter_user_id" in event:
            self._later(
                f"{self.environment['TWITCH_API_URL']}/chat/messages",
                {
                    "broadcaster_id": event["broadcaster_user_id"],
                    "sender_id": self.environment["TWITCH_BOT_USER_ID"],
                    "message": f"echo: {event['message']['text']}",
                    "reply_parent_message_id": event["message_id"],
                },
            )
        return 204, b""

    def _later(self, url: str, body: dict[str, Any]) -> None:
        self._keep(_post(url, body))

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._busy.add(task)
        task.add_done_callback(self._busy.discard)


async def _post(url: str, body: dict[str, Any]) -> None:
    headers = {"authorization": "Bearer the-token", "client-id": "test"}
    async with httpx.AsyncClient() as client:
        (await client.post(url, json=body, headers=headers)).raise_for_status()


@dataclass(frozen=True, slots=True)
class Front:
    """`environment` is what a bot at these stand-ins is told."""

    url: str
    bot: TinyBot
    environment: Mapping[str, str]

    def call(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, Any, Mapping[str, str]]:
        """Status, decoded body, headers; the path is relative to the stand-ins."""
        request = urllib.request.Request(  # noqa: S310 # our own address
            path if "://" in path else f"{self.url}/stand-ins{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"content-type": "application/json", **(headers or {})},
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                return answer.status, _decoded(answer.read()), dict(answer.headers)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, _decoded(error.read()), dict(error.headers)

    def says(self, who: str, on: str, text: str, **more: object) -> dict[str, Any]:
        said: dict[str, Any] = self.call(
            "POST", "/says", {"as": who, "on": on, "text": text, **more}
        )[1]
        return said

    def breaks(self, on: str, what: str, **more: object) -> dict[str, Any]:
        broken: dict[str, Any] = self.call("POST", "/break", {"on": on, "what": what, **more})[1]
        return broken

    def replies(self, channel: str, *, after: int = 0, wait: float = 3.0) -> list[dict[str, Any]]:
        path = f"/replies?after={after}&wait={wait}&channel={channel}"
        return list(self.call("GET", path)[1]["replies"])

    def discord(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        token = {"authorization": "Bot the-token", **headers}
        return self.call(method, f"/discord/api/v10{path}", body, token)

    def slack(self, method: str, body: object, token: str = TOKEN) -> dict[str, Any]:
        authorization = {"authorization": f"Bearer {token}"}
        answer: dict[str, Any] = self.call("POST", f"/slack/api/{method}", body, authorization)[1]
        return answer

    def helix(self, method: str, path: str, body: object = None, token: str = TOKEN) -> Any:
        headers = {"authorization": f"Bearer {token}", "client-id": "test"}
        return self.call(method, f"/twitch/helix{path}", body, headers)


def a_channel() -> str:
    """A Discord or Twitch channel that no other test talks in."""
    return str(uuid.uuid4().int % 10**15 + 10**15)


def a_slack_channel() -> str:
    return f"C{uuid.uuid4().int % 10**10:010d}"


@pytest.fixture
def front() -> Iterator[Front]:
    with served() as running:
        yield running


@contextmanager
def served(**more_keys: str) -> Iterator[Front]:
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    stand_ins = StandIns(keys={**KEYS, **more_keys}, webhook_url=url)
    bot = TinyBot(environment=bot_environment(url, KEYS))
    config = uvicorn.Config(
        _front(stand_ins, bot), log_level="critical", timeout_graceful_shutdown=1
    )
    server = PortServer(config)
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield Front(url, bot, bot.environment)
    finally:
        server.end()
        thread.join()
        listener.close()


def _front(stand_ins: StandIns, bot: TinyBot) -> Any:
    watched = stand_ins.watching(bot)

    async def front(scope: Any, receive: Any, send: Any) -> None:
        is_webhook = scope["type"] == "http" and scope["path"].startswith("/webhooks/")
        await (watched if is_webhook else stand_ins)(scope, receive, send)

    return front


def _decoded(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode()
