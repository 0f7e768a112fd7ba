"""Connecting where the house is not ready for it: people learn so before they allow anything, in
words that are meant for them."""

from __future__ import annotations

import re

import pytest

from functions.identity import handler as identity
from tests.helpers.connected import a_connection, canary, connections_of, new_master
from tests.helpers.identity_room import PUBLIC, IdentityRoom, back_from_twitch, room
from waddlebot.domain.accounts import Account
from waddlebot.runtime.needs import SEAL_KEY
from waddlebot.stores.claims import Claims
from waddlebot.stores.logins import Logins
from waddlebot.stores.postgres import Postgres

__all__ = ["room"]


def test_without_a_seal_key_nothing_is_offered(
    room: IdentityRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Connect Twitch" in room.get("/connect")["body"]
    monkeypatch.delenv(SEAL_KEY)
    identity.build_room.cache_clear()
    assert "has not set up connecting" in room.get("/connect")["body"]
    answer = room.get("/connect/twitch")
    assert (answer["statusCode"], "not set up" in answer["body"]) == (404, True)


def test_where_nothing_can_be_sealed_people_read_no_words_for_the_operator(
    room: IdentityRoom, database: Postgres
) -> None:
    """Its tokens were sealed under a key that is gone: only whoever runs it can mend that."""
    connections_of(database, master=new_master()).keep(a_connection(), canary())
    answer = room.get(back_from_twitch(room))
    assert answer["statusCode"] == 503
    assert "Whoever runs this WaddleBot" in answer["body"]
    assert "rotate-seal" not in answer["body"]
    assert SEAL_KEY not in answer["body"]


@pytest.mark.parametrize("service", ["twitch", "slack"])
def test_what_a_service_is_asked_for_stands_there_in_words(
    room: IdentityRoom, service: str
) -> None:
    asked = re.findall(r"<li>(.*?)</li>", room.get(f"/connect/{service}")["body"])
    assert len(asked) > 4
    for one in asked:
        words = re.sub(r"<code>.*?</code>|<[^>]*>", "", one).strip()
        assert " " in words, one


@pytest.mark.parametrize("path", ["/connect/twitch?go=1", "/connect/slack?go=1", "/signin/twitch"])
def test_who_comes_under_another_name_goes_on_under_ours(room: IdentityRoom, path: str) -> None:
    """A browser keeps what was begun for the name that was typed, and comes back under ours."""
    sent = room.get(path, host="www.example.org")
    assert sent["statusCode"] == 303
    where = sent["headers"]["location"]
    assert where.startswith(f"{PUBLIC}{path.partition('?')[0]}?")
    assert sent["cookies"] == []
    # Behind a proxy that hands on its own name all the time it ends as well.
    for host in ("bot.example.org", "inside.example"):
        goes_on = room.get(where.removeprefix(PUBLIC), host=host)
        assert not goes_on["headers"]["location"].startswith(PUBLIC)


def test_a_channel_that_no_gateway_carries_is_shown_as_waiting(
    room: IdentityRoom, database: Postgres
) -> None:
    assert room.get(back_from_twitch(room))["statusCode"] == 200
    resources = identity.build_room().resources
    [row] = database.write("SELECT account, connected_by FROM connections")
    channel, penny = row["account"], Account.read(row["connected_by"])
    room.cookies["__Host-login"] = Logins(resources.cache).enter(penny, "penny")
    claims = Claims(database)
    assert "waiting" not in room.get("/connect")["body"]  # no gateway has looked yet
    claims.populate("twitch", [channel])
    assert "no room for it yet" in room.get("/connect")["body"]
    claims.take("here:1:x", claims.look(), alive=["here:1:x"])
    assert "waiting" not in room.get("/connect")["body"]
