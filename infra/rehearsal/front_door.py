"""What was deployed, as people and platforms reach it: the HTTP API alone."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from infra.rehearsal.progress import RehearsalFailed

ANSWER_SECONDS = 35.0
PLACE = "twitch:channel:1001"
PERSON = "2002"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployedApi:
    """`api` is the id that API Gateway gave it; `domain` by which it is reached, if there is one,
    and then at `port` is what stands before it.
    """

    port: int
    api: str
    domain: str = ""

    @property
    def host(self) -> str:
        """curl takes every name under localhost for this machine, as browsers do."""
        if self.domain:
            return f"127.0.0.1:{self.port}"
        return f"{self.api}.execute-api.localhost:{self.port}"

    def reached(self, address: str) -> str:
        """Where an address that people are told is on this machine."""
        if not self.domain:
            return address
        return address.replace(f"wss://{self.domain}/", f"ws://{self.host}/")

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | Iterator[bytes] = b"",
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, str]:
        """A body that comes in parts is sent in chunks."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
        try:
            line.request(method, path, body, {**(headers or {}), "Host": self.host})
            answer = line.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        except OSError as error:
            raise RehearsalFailed(f"{method} {path} was not answered: {error}") from error
        finally:
            line.close()

    def say(self, line: str, key: str) -> str:
        """What chat would read. Raises RehearsalFailed for anything else."""
        event = {
            "message_type": "chatMessage",
            "entity_id": PLACE,
            "user_id": PERSON,
            "username": "ana",
            "message": line,
        }
        status, text = self.ask(
            "POST",
            "/api/router/process",
            json.dumps(event).encode(),
            {"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
        )
        if status != 200:
            raise RehearsalFailed(f"{line} was answered with {status}: {text[:500]}")
        replies: list[dict[str, Any]] = json.loads(text)["replies"]
        return "\n".join(str(reply.get("chat_message", "")) for reply in replies)

    def tell_of_chat(self, line: str, secret: str, *, times: int = 1) -> tuple[int, str]:
        """As Twitch does, signed; what is told again is the same to the letter."""
        body = json.dumps(chat_notification(line)).encode()
        headers = signed(body, secret)
        answers = [self.ask("POST", "/webhooks/twitch", body, headers) for _ in range(times)]
        return answers[-1]


def signed(body: bytes, secret: str, when: datetime | None = None) -> dict[str, str]:
    """Now, or as it was signed at another time."""
    moment = (when or datetime.now(UTC)).isoformat().replace("+00:00", "Z")
    number = str(uuid.uuid4())
    digest = hmac.new(secret.encode(), f"{number}{moment}".encode() + body, hashlib.sha256)
    return {
        "Content-Type": "application/json",
        "Twitch-Eventsub-Message-Id": number,
        "Twitch-Eventsub-Message-Timestamp": moment,
        "Twitch-Eventsub-Message-Type": "notification",
        "Twitch-Eventsub-Subscription-Type": "channel.chat.message",
        "Twitch-Eventsub-Subscription-Version": "1",
        "Twitch-Eventsub-Message-Signature": f"sha256={digest.hexdigest()}",
    }


def chat_notification(line: str) -> dict[str, Any]:
    channel = PLACE.rpartition(":")[2]
    return {
        "subscription": {
            "id": str(uuid.uuid4()),
            "type": "channel.chat.message",
            "version": "1",
            "status": "enabled",
            "cost": 0,
            "condition": {"broadcaster_user_id": channel, "user_id": "9009"},
            "transport": {"method": "webhook", "callback": "https://rehearsal.example"},
            "created_at": datetime.now(UTC).isoformat(),
        },
        "event": {
            "broadcaster_user_id": channel,
            "broadcaster_user_login": "waddle",
            "broadcaster_user_name": "Waddle",
            "chatter_user_id": PERSON,
            "chatter_user_login": "ana",
            "chatter_user_name": "Ana",
            "message_id": str(uuid.uuid4()),
            "message": {"text": line, "fragments": [{"type": "text", "text": line}]},
            "message_type": "text",
            "color": "",
            "badges": [],
        },
    }
