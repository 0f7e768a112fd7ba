"""Where people talk to a house, and what its `/health` says."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Any

from tests.helpers import signed
from tests.helpers.house import House
from tests.helpers.patience import eventually
from tests.helpers.signed import Delivery

WELL = dict.fromkeys(["writer", "replica", "cache", "limits", "streams"], "answers")
WITHIN_SECONDS = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A channel of Twitch of its own."""

    house: House
    number: str

    @classmethod
    def new(cls, house: House) -> Place:
        return cls(house=house, number=str(10**14 + uuid.uuid4().int % 10**14))

    def line(self, text: str) -> Delivery:
        return signed.twitch_line(self.house, text, channel=self.number)

    def says(self, text: str) -> None:
        assert self.line(text).send(self.house)[0] == 204

    def asks(self, text: str) -> list[str]:
        """By the API: whoever asks holds a request open."""
        body = {
            "message_type": "chatMessage",
            "entity_id": f"twitch:channel:{self.number}",
            "user_id": "123456",
            "message": text,
        }
        status, answer = self.house.api(body)
        if status == 503:  # a process that does not know the caller's key yet
            return [answer["error"]["message"]]
        assert status == 200, answer
        return [reply["chat_message"] for reply in answer["replies"] if "chat_message" in reply]

    def shown(self) -> list[str]:
        return [item["text"] for item in self._items()]

    def _items(self) -> list[dict[str, Any]]:
        replies = self.house.get("/stand-ins/replies?after=0")["replies"]
        return [item for item in replies if item["channel"] == self.number]

    def shows(self, words: str) -> bool:
        return eventually(lambda: words in " ".join(self.shown()), within=WITHIN_SECONDS)

    def answers(self, text: str) -> bool:
        """Whether this line is answered: no greeting does, nor what answers another."""
        line = self.line(text)
        assert line.send(self.house)[0] == 204
        asked = f"twitch:{json.loads(line.body)['event']['message_id']}"

        def is_answered() -> bool:
            return asked in [item["in_reply_to"] for item in self._items()]

        return eventually(is_answered, within=WITHIN_SECONDS)


def health(house: House) -> tuple[int, dict[str, str]]:
    status, told = house.ask("GET", "/health")
    return status, told["servers"]


def says_ill(house: House, name: str) -> bool:
    """`/health` tells of it, and of nobody else."""

    def is_told() -> bool:
        status, servers = health(house)
        return status == 503 and [one for one in servers if servers[one] != WELL[one]] == [name]

    return eventually(is_told, within=WITHIN_SECONDS)


def is_well(house: House) -> bool:
    return eventually(lambda: health(house) == (200, WELL), within=WITHIN_SECONDS)
