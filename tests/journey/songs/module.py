"""A module of the house that is thrown away: it orders songs from somebody else's service."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from waddlebot.outside.client import ServiceAnswer, ServiceCall
from waddlebot.runtime.reach import Reach
from waddlebot.stores.postgres import Connection
from waddlebot_sdk import Answer, Call, Chat, Module, PersonalData, Ticker
from waddlebot_sdk.module import command

HOST = "songs.example"
TOKEN = "SONGS_TOKEN"


@dataclass(frozen=True, slots=True)
class Songs:
    connection: Connection

    def add(self, title: str) -> None:
        self.connection.execute("INSERT INTO songs (title) VALUES (%s)", (title,))


def title_in(answer: ServiceAnswer) -> str | None:
    """None where it says something else than it used to."""
    title = json.loads(answer.body).get("title") if answer.status == 200 else None
    return title if isinstance(title, str) else None


def ordered(words: str, reach: Reach[Songs]) -> ServiceCall:
    return ServiceCall(
        service="songs",
        what="the song service",
        url=f"https://{HOST}/order",
        method="POST",
        headers={"authorization": f"Bearer {reach.secret(TOKEN)}"},
        body=json.dumps({"song": words}).encode(),
        fails=lambda answer: title_in(answer) is None,
    )


@command("song <words>", "Order a song.", example="song yesterday")
def song(call: Call, reach: Reach[Songs]) -> Chat:
    title = title_in(reach.ask(ordered(call.arguments["words"], reach))) or ""
    reach.keep(lambda songs: songs.add(title))
    return Chat(f"{title} is next.")


@command("findsong <words>", "Look for a song.", example="findsong yesterday")
def findsong(call: Call, reach: Reach[Songs]) -> Answer:
    asked = replace(ordered(call.arguments["words"], reach), harmless=True)
    title = title_in(reach.ask(asked))
    return [Chat(f"I found {title}."), Ticker(f"Found: {title}")]


def export(_: int, __: str, ___: str, ____: Reach[Songs]) -> list[dict[str, Any]]:
    return []


def erase(_: int, __: str, ___: str, ____: Reach[Songs]) -> int:
    return 0


MODULE: Module[Reach[Songs]] = Module(
    name="songs",
    summary="Orders songs.",
    commands=(song, findsong),
    personal_data=PersonalData(export=export, erase=erase),
    timeout_seconds=5,
    outside=(HOST,),
    secrets=(TOKEN,),
)
