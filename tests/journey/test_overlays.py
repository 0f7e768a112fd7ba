"""A moderator puts the ticker into OBS, tries it, and gets another address for it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from websockets.sync.client import ClientConnection, connect

from local.stand_ins.people import StandInPeople
from tests.helpers.chatting import says, says_privately
from tests.helpers.house import Chat, House
from tests.helpers.overlay_addresses import lets, paths_in
from tests.helpers.signing_in import Browser

pytestmark = pytest.mark.xdist_group("overlays")
PLATFORMS = pytest.mark.parametrize("chat", ["discord", "slack", "twitch"], indirect=True)


def status(chat: Chat, path: str) -> int:
    return chat.house.ask("GET", path)[0]


def pushed(chat: Chat, path: str) -> set[int]:
    """On Slack all tests are in one community."""
    answer = chat.house.get(f"{path}/state?after=0")
    return {one["n"] for one in answer["pushes"]}


def comes(page: ClientConnection, **wanted: str) -> dict[str, Any]:
    """The next frame with these fields: on Slack others are tried there too."""
    while True:
        frame: dict[str, Any] = json.loads(page.recv(timeout=20))
        if wanted.items() <= frame.items():
            return frame


@PLATFORMS
def test_a_moderator_is_told_the_address_alone_and_tries_it(chat: Chat) -> None:
    refused = says_privately(chat, "!overlay", "ask")
    assert not paths_in(refused)
    lets(chat)

    told = says_privately(chat, "!overlay ticker", "In OBS: ")
    [path] = paths_in(told)
    assert path.endswith("/ticker")
    assert status(chat, path) == 200
    assert status(chat, f"/overlay{path}") == 200
    assert status(chat, path.replace("/ticker", "/media")) == 404
    told = says_privately(chat, "!overlay", "general: ")
    assert len(told.splitlines()) == (1 if chat.on == "twitch" else 4)  # its lines have no lines
    all_three = paths_in(told)
    assert [one.rpartition("/")[2] for one in all_three] == ["ticker", "media", "general"]
    assert all_three[0] == path

    before = pushed(chat, path)
    with connect(f"{chat.house.url.replace('http', 'ws', 1)}{path}", open_timeout=20) as page:
        says_privately(chat, "!overlay test", "A sample of ticker is on ticker now")
        samples = pushed(chat, path) - before
        assert comes(page, text="This is a test of the ticker.")["n"] in samples
        says_privately(chat, "!overlay clear ticker", "Nothing is shown any more on ticker")
        assert comes(page, kind="clear")
    assert not pushed(chat, path) & (samples | before)

    says_privately(chat, "!overlay tikcer", "There is no source 'tikcer'")
    turned = says_privately(chat, "!overlay rotate ticker", "cannot be had back")
    [new] = paths_in(turned)
    assert new != path
    assert status(chat, path) == status(chat, new) == 200


@pytest.mark.parametrize("chat", ["discord", "twitch"], indirect=True)
def test_with_another_prefix_all_is_typed_with_that(chat: Chat) -> None:
    lets(chat)
    says(chat, "olga", "!settings set prefix ?", "prefix is ? now")
    assert "?overlay rotate" in says_privately(chat, "?overlay ticker", "In OBS: ")
    assert "?overlay ticker" in says_privately(chat, "?overlay test", "A sample of ticker")


@PLATFORMS
def test_me_lists_the_addresses_of_what_one_may_manage(chat: Chat) -> None:
    browser = Browser(chat.house)
    assert "For OBS" not in browser.signs_in(chat.on, chat.viewer).text
    lets(chat)
    if chat.on != "slack":  # where all tests are in one community
        for _ in range(2):  # looking makes none, by which alerts would begin
            page = browser.get("/me").text
            assert "For OBS" in page
            assert "There are no addresses yet. Make them in chat, as a moderator:" in page
            assert not paths_in(page)
    told = says_privately(chat, "!overlay media", "In OBS: ")
    [path] = paths_in(told)

    page = browser.get("/me").text
    assert "For OBS" in page
    assert chat.on == "slack" or "There is no address of ticker and general yet." in page
    assert f"http://localhost:{urlsplit(chat.house.url).port}{path}" in page
    assert "In OBS: " in page


@pytest.mark.parametrize("chat", ["twitch"], indirect=True)
def test_where_no_whisper_is_taken_the_way_to_the_address_is_said_and_not_the_address(
    chat: Chat, house: House
) -> None:
    lets(chat)
    user = StandInPeople().named(chat.viewer).ids["twitch"]
    fault = {"on": "twitch", "what": "closed", "channel": user, "times": 5}
    assert house.post("/stand-ins/break", fault) == {"broken": "closed"}
    chat.from_now_on()

    chat.says("ana", "!overlay")

    told = chat.hears("for you alone", within=15)
    assert told is not None
    assert told["kind"] == "chat"
    assert "/me: the addresses stand there" in told["text"]
    assert not any(paths_in(one["text"]) for one in [told, *chat._seen])


@pytest.mark.parametrize("chat", ["discord"], indirect=True)
def test_an_address_is_in_no_log(chat: Chat, house: House) -> None:
    lets(chat)
    [path] = paths_in(says_privately(chat, "!overlay ticker", "In OBS: "))
    assert status(chat, path) == 200
    assert status(chat, f"{path}/state?after=0") == 200
    token = path.split("/")[1].encode()
    logs = [one for one in (house.home / "logs").rglob("*") if one.is_file()]
    assert logs
    assert [one.name for one in logs if token in one.read_bytes()] == []
