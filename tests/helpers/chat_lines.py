"""The stand-ins' own community with its chat in OBS: people write on three platforms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.helpers.house import Chat, House

PLATFORMS = ("twitch", "discord", "slack")


@dataclass(frozen=True, slots=True)
class ChatRoom:
    house: House

    def chat(self, on: str) -> Chat:
        return self.house.chat(on=on)

    def is_shown(self) -> None:
        """Of all three places; who asked is told."""
        for on in PLATFORMS:
            self.does(on, "max", "!overlay chat on", "is shown on general now")

    def does(self, on: str, who: str, line: str, answer: str) -> str:
        chat = self.chat(on)
        told = chat.asks(who, line, answer, within=20)
        assert told, (line, chat._seen)
        text: str = told["text"]
        return text

    def page(self) -> str:
        return f"{self.house.url}/playground/overlay/general"

    def writes(self, who: str, on: str, text: str, **more: Any) -> dict[str, Any]:
        """What is needed to find that line again."""
        sent = self.chat(on).says(who, text, **more)
        return {"as": who, "on": on, "message_id": sent["message_id"]}

    def deletes(self, line: dict[str, Any]) -> None:
        self.happens("delete", **line)

    def happens(self, kind: str, **about: Any) -> None:
        told = self.house.post("/stand-ins/happens", {"type": kind, **about})
        assert told["accepted"], told
