"""Twitch beside the router's doors, and a streamer who lets the house read what is theirs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from tests.helpers.aliases import PLACES, Channel, open_channel
from tests.helpers.connected import MASTER, connections_of, in_an_hour
from tests.helpers.router_doors import Doors
from tests.helpers.stand_ins import Front, served
from waddlebot.domain.connections import CHANNEL, Connection, Owner, Tokens
from waddlebot.domain.entities import EntityId
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions


@pytest.fixture
def twitch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Front]:
    """A busy machine is no late platform."""
    monkeypatch.setattr("functions.asking.twitch_handler.MOST_SECONDS", 15.0)
    with served() as front:
        for name in ("TWITCH_APP_TOKEN", "TWITCH_CLIENT_ID", "TWITCH_API_URL"):
            monkeypatch.setenv(name, front.environment[name])
        yield front


@pytest.fixture
def streamers(
    twitch: Front,
    doors: Doors,
    database: Postgres,
    versions: Versions,
    monkeypatch: pytest.MonkeyPatch,
) -> Channel:
    """The channel of the stand-in's Olga."""
    monkeypatch.setenv("WADDLEBOT_SEAL_KEY", MASTER)
    monkeypatch.setenv("TWITCH_CLIENT_SECRET", twitch.environment["TWITCH_APP_TOKEN"])
    monkeypatch.setenv("TWITCH_AUTH_URL", f"{twitch.url}/stand-ins/twitch/oauth2")
    _, users, _ = twitch.helix("GET", "/users?login=olga")
    monkeypatch.setitem(PLACES, "twitch", EntityId(f"twitch:channel:{users['data'][0]['id']}"))
    return open_channel(doors, database, versions)


def connects(channel: Channel, *scopes: str) -> None:
    """The streamer goes through Twitch's page, and what comes of it is kept."""
    back = "http://127.0.0.1:9/back"
    asked = {
        "client_id": os.environ["TWITCH_CLIENT_ID"],
        "redirect_uri": back,
        "scope": " ".join(("channel:bot", *scopes)),
        "as": "olga",
    }
    address = f"{os.environ['TWITCH_AUTH_URL']}/authorize?{urlencode(asked)}"
    led = httpx.get(address, follow_redirects=False).headers["location"]
    [code] = parse_qs(urlsplit(led).query)["code"]
    given = httpx.post(
        f"{os.environ['TWITCH_AUTH_URL']}/token",
        data={
            "client_id": os.environ["TWITCH_CLIENT_ID"],
            "client_secret": os.environ["TWITCH_CLIENT_SECRET"],
            "grant_type": "authorization_code",
            "redirect_uri": back,
            "code": code,
        },
    ).json()
    connection = Connection(
        service="twitch",
        account=channel.place.rpartition(":")[2],
        owner=Owner.of_community(channel.community),
        kind=CHANNEL,
        scopes=frozenset(("channel:bot", *scopes)),
        expires_at=in_an_hour(),
    )
    tokens = Tokens(access=given["access_token"], refresh=given["refresh_token"])
    connections_of(channel.database).keep(connection, tokens)
