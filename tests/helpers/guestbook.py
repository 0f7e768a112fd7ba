"""A module with web addresses of its own, which keeps what is said there."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from urllib.parse import quote

from waddlebot.domain.errors import Refusal
from waddlebot.runtime.serve_module import serve_module
from waddlebot.stores.postgres import Connection
from waddlebot_sdk import Call, Chat, Module, WebAnswer, WebRequest, route
from waddlebot_sdk.module import command


@dataclass(frozen=True, slots=True)
class Guests:
    connection: Connection

    def add(self, name: str) -> int:
        self.connection.execute("INSERT INTO guests (name) VALUES (%s)", (name,))
        return len(self.names())

    def names(self) -> list[str]:
        return [row["name"] for row in self.connection.execute("SELECT name FROM guests")]


def signed(request: WebRequest, guests: Guests) -> WebAnswer:
    """Where a service sends people back."""
    number = guests.add(request.query["name"])
    if request.path["service"] == "closed":
        raise Refusal("Nobody signs here any more.")
    return WebAnswer(title="You are in the book", text=f"Guest {number}: {request.query['name']}")


def told(request: WebRequest, guests: Guests) -> WebAnswer:
    """Where a service tells something by itself."""
    for name in json.loads(request.body)["names"]:
        guests.add(name)
    heard = {"seen": sorted(request.headers), "number": len(guests.names())}
    return WebAnswer(text=json.dumps(heard), content_type="application/json")


def feed(_: WebRequest, guests: Guests) -> WebAnswer:
    entries = "".join(f"<title>{name}</title>" for name in guests.names())
    return WebAnswer(text=f"<rss>{entries}</rss>", content_type="application/rss+xml")


def once(_: WebRequest, guests: Guests) -> WebAnswer:
    return WebAnswer(title="Signed", text=f"Guest {guests.add('once')}.")


def begin(request: WebRequest, _: Guests) -> WebAnswer:
    back = quote(request.address("signed/accounts"), safe="")
    return WebAnswer(location=f"https://accounts.example/authorize?state=1&redirect_uri={back}")


def wrong(request: WebRequest, guests: Guests) -> WebAnswer:
    guests.add("nobody")
    return {
        "html": WebAnswer(text="<script>", content_type="text/html"),
        "picture": WebAnswer(text="<svg>", content_type="image/svg+xml"),
        "page": WebAnswer(text="<html>", content_type="application/xhtml+xml"),
        "away": WebAnswer(location="//evil.example"),
        "script": WebAnswer(location="javascript:alert(1)"),
        "split": WebAnswer(location="/me\r\nset-cookie: a=b"),
        "status": WebAnswer(status=99),
        "long": WebAnswer(text="x" * 2_000_000),
    }[request.query["how"]]


def slow(request: WebRequest, guests: Guests) -> WebAnswer:
    guests.add("slow")
    time.sleep(float(request.query["for"]))
    return WebAnswer(text="At last.")


def stubborn(request: WebRequest, guests: Guests) -> WebAnswer:
    """Goes on whatever happens, as libraries of others do."""
    kind = {"Exception": Exception, "BaseException": BaseException}[request.query["catches"]]
    guests.add("stubborn")
    try:
        time.sleep(30)
    except kind:
        guests.add("went on")
    return WebAnswer(text="Never mind.")


@command("guests", "How many were here.", example="guests")
def counted(_: Call, guests: Guests) -> Chat:
    return Chat(f"{len(guests.names())} were here.")


@command("guests feed", "Say where the feed is.", example="guests feed")
def said_where(call: Call, _: Guests) -> Chat:
    return Chat(f"Here: {call.address('feed.xml')}")


GUESTBOOK: Module[Guests] = Module(
    name="guestbook",
    summary="Keeps who was here.",
    commands=(counted, said_where),
    routes=(
        route("GET", "signed/{service}", signed),
        route("POST", "told", told, most_bytes=1000),
        route("GET", "feed.xml", feed),
        route("GET", "begin", begin),
        route("POST", "once", once, most_bytes=1000, per_minute=2),
        route("GET", "wrong", wrong),
        route("GET", "slow", slow, per_minute=600),
        route("GET", "stubborn", stubborn),
    ),
)

handler = serve_module(GUESTBOOK, build=Guests)
