"""A module that orders songs from somebody else's service, and dies where it is told to."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection as Pipe
from typing import Any

from tests.helpers.aws_context import AwsContext
from tests.helpers.forks import answer_of
from waddlebot.domain.errors import Refusal
from waddlebot.outside.client import ServiceAnswer, ServiceCall
from waddlebot.runtime.reach import Reach
from waddlebot.runtime.serve_module import serve_module
from waddlebot.stores.postgres import Connection
from waddlebot_sdk import (
    Announce,
    Answer,
    Call,
    Chat,
    DeleteLine,
    May,
    Module,
    PersonalData,
    ShoutOut,
    WebAnswer,
    WebRequest,
    on,
    route,
)
from waddlebot_sdk.module import NotUnderstood, command

HOST = "hooks.example"
DIES_AT = "JUKEBOX_DIES_AT"
IS_REPEATABLE = "JUKEBOX_IS_REPEATABLE"
URL = "JUKEBOX_URL"
MAY = frozenset({May.ANNOUNCE, May.SHOUT_OUT})


@dataclass(frozen=True, slots=True)
class Songs:
    connection: Connection

    def add(self, title: str) -> int:
        self.connection.execute("INSERT INTO songs (title) VALUES (%s)", (title,))
        return self.count()

    def count(self) -> int:
        [row] = self.connection.execute("SELECT count(*) AS number FROM songs")
        return int(row["number"])


def ordered(words: str, reach: Reach[Songs]) -> ServiceCall:
    return ServiceCall(
        service="jukebox",
        what="the jukebox",
        url=f"https://{HOST}/order",
        method="POST",
        headers={"authorization": f"Bearer {reach.secret('JUKEBOX_TOKEN')}"},
        body=json.dumps({"song": words}).encode(),
        fails=lambda answer: answer.status >= 300 or title_in(answer) is None,
    )


def title_in(answer: ServiceAnswer) -> str | None:
    """None where it says something else than it used to."""
    try:
        told = json.loads(answer.body)
    except ValueError:
        return None
    title = told.get("title") if isinstance(told, dict) else None
    return title if isinstance(title, str) else None


@command("play <words>", "Order a song.", example="play yesterday")
def play(call: Call, reach: Reach[Songs]) -> Chat:
    if call.arguments["words"] == "nonsense":
        raise NotUnderstood("That is no song.")
    reach.look(lambda songs: songs.count())
    die_at("begun")
    title = title_in(reach.ask(ordered(call.arguments["words"], reach)))
    assert title
    die_at("asked")

    def add(songs: Songs) -> int:
        number = songs.add(title)
        die_at("keeping")
        return number

    return Chat(f"{title} is number {reach.keep(add)}.")


@command("look <words>", "Look for a song.", example="look yesterday")
def look(call: Call, reach: Reach[Songs]) -> Chat:
    """Asks what may be asked twice."""
    asked = ordered(call.arguments["words"], reach)
    title = title_in(reach.ask(replace(asked, method="GET", body=b"", harmless=True)))
    return Chat(f"I found {title}.")


@command("elsewhere", "Ask whom nobody declared.", example="elsewhere")
def elsewhere(_: Call, reach: Reach[Songs]) -> Chat:
    reach.ask(replace(ordered("x", reach), url="https://other.example/order"))
    return Chat("It was asked.")


@command("behind", "Ask when it is too late.", example="behind")
def behind(_: Call, reach: Reach[Songs]) -> Chat:
    reach.keep(lambda songs: songs.add("early"))
    reach.ask(ordered("late", reach))
    return Chat("It was asked.")


@command("cheer", "Cheer.", example="cheer")
def cheer(_: Call, __: Reach[Songs]) -> Answer:
    """Does what it may, and what it may not."""
    return [Announce("Music!"), DeleteLine()]


def greet(call: Call, reach: Reach[Songs]) -> Answer:
    """Of a raid."""
    raider = call.user
    assert raider
    title = title_in(reach.ask(ordered(raider.name, reach)))
    reach.keep(lambda songs: songs.add(title or ""))
    return [Chat(f"{raider.name} is played {title}."), ShoutOut(raider.id)]


def connected(request: WebRequest, reach: Reach[Songs]) -> WebAnswer:
    """Where the service sends people back."""
    title = title_in(reach.ask(ordered(request.query["code"], reach)))
    assert title
    die_at("asked")
    number = reach.keep(lambda songs: songs.add(title))
    die_at("keeping")
    if "refused" in request.query:
        raise Refusal("Not that one.")
    return WebAnswer(text=f"{title} is number {number}.")


def export(_: int, __: str, ___: str, reach: Reach[Songs]) -> list[dict[str, Any]]:
    return [{"songs": reach.look(lambda songs: songs.count())}]


def erase(_: int, __: str, ___: str, reach: Reach[Songs]) -> int:
    kept = reach.look(lambda songs: songs.count())
    reach.keep(lambda songs: songs.connection.execute("DELETE FROM songs"))
    return kept - reach.look(lambda songs: songs.count())


def invoked(
    wire: Mapping[str, Any], *, dies_at: str = "", repeatable: bool = False, name: str = "jukebox"
) -> Any:
    """By a process of its own; None where it died, as it was told to."""
    more = {DIES_AT: dies_at, IS_REPEATABLE: "1" if repeatable else ""}
    code, answer = answer_of(_invoke, json.dumps(wire), AWS_LAMBDA_FUNCTION_NAME=name, **more)
    assert code == (-signal.SIGKILL if dies_at else 0)
    return None if dies_at else json.loads(answer)


def killed_at(point: str, wire: Mapping[str, Any], *, repeatable: bool = False) -> None:
    invoked(wire, dies_at=point, repeatable=repeatable)


def die_at(point: str) -> None:
    if os.environ.get(DIES_AT) == point:
        os.kill(os.getpid(), signal.SIGKILL)


JUKEBOX: Module[Reach[Songs]] = Module(
    name="jukebox",
    summary="Orders songs.",
    commands=(play, look, elsewhere, behind, cheer),
    listens=(on("raid", greet),),
    personal_data=PersonalData(export=export, erase=erase),
    timeout_seconds=20,
    outside=(HOST,),
    secrets=("JUKEBOX_TOKEN",),
    routes=(route("GET", "callback", connected),),
    may=MAY,
)
REPEATABLE = replace(JUKEBOX, repeatable=True)


def _invoke(tells: Pipe, wire: str) -> None:
    if URL in os.environ:  # in a house, whose other functions enter as the app
        os.environ["DATABASE_URL"] = os.environ[URL]
    door = serve_module(REPEATABLE if os.environ.get(IS_REPEATABLE) else JUKEBOX, build=Songs)
    answer = door(json.loads(wire), AwsContext())
    die_at("kept")
    tells.send(json.dumps(answer))
