"""Rules look at every text that people can put in front of others, and the bot says none of it."""

from __future__ import annotations

import json
import uuid
from typing import Any
from urllib.parse import quote

import pytest

from tests.helpers import signed
from tests.helpers.homes import own_place
from tests.helpers.house import Chat, House
from tests.helpers.patience import eventually

FORBIDDEN = "free nitro"
TWITCH = "twitch"


def a_chat(house: House, on: str) -> Chat:
    """Where what is forbidden is blocked, and what was said about it is over."""
    chat = house.chat(on=on, **own_place(on))
    chat.says("olga", "hello everybody")
    assert "!help" in chat.heard()[0]
    if on == "slack":  # Max is a moderator of the community that is there already
        chat = house.chat(on=on, channel="C0GENERAL", viewer=chat.viewer)
    assert chat.asks("max", f'!rules add contains "{FORBIDDEN}" block', FORBIDDEN, within=15)
    chat.from_now_on()
    return chat


def happens(chat: Chat, kind: str, **details: object) -> dict[str, Any]:
    chat._speakers.add(chat.viewer)
    where = {"channel": chat.channel, "server": chat.server}
    body = {"as": chat.viewer, "on": chat.on, "type": kind, **details}
    answer: dict[str, Any] = chat.house.post(
        "/stand-ins/happens", body | {name: value for name, value in where.items() if value}
    )
    return answer


def is_told(chat: Chat) -> bool:
    """That what they wrote is against the rules."""
    return chat.hears("rules of this community", within=15, to=chat.viewer) is not None


@pytest.fixture
def discord(house: House) -> Chat:
    return a_chat(house, "discord")


@pytest.fixture
def twitch(house: House) -> Chat:
    return a_chat(house, TWITCH)


def test_a_mention_of_the_bot_hides_nothing(discord: Chat, twitch: Chat) -> None:
    for chat in (discord, twitch):
        chat.says("ana", f"@WaddleBot {FORBIDDEN}")
        assert is_told(chat), chat.on
        assert chat.was_deleted(FORBIDDEN), chat.on


def test_an_edit_is_moderated_and_never_run(discord: Chat) -> None:
    discord.says("ana", "hello all")
    happens(discord, "edit", text=f"{FORBIDDEN} for all")
    assert is_told(discord)
    discord.from_now_on()
    happens(discord, "edit", text="!help")
    assert discord.silent(2)


@pytest.mark.parametrize("kind", ["forward", "poll"])
def test_what_stands_beside_the_text_is_looked_at(discord: Chat, kind: str) -> None:
    happens(discord, kind, text=f"get {FORBIDDEN}")
    assert is_told(discord)


def test_an_answer_of_a_poll_is_looked_at(discord: Chat) -> None:
    happens(discord, "poll", text="what?", answers=["nothing", FORBIDDEN])
    assert is_told(discord)


def test_the_words_of_a_slash_command_are_looked_at(discord: Chat) -> None:
    heard = discord.asks(
        "ana", f"/waddlebot remind 1m {FORBIDDEN}", "rules of this community", within=15
    )
    assert heard
    assert "I leave that" in heard["text"]


@pytest.mark.parametrize("kind", ["cheer", "interaction", "resub"])
def test_words_that_come_with_an_event_are_looked_at(twitch: Chat, kind: str) -> None:
    happens(twitch, kind, text=f"buy {FORBIDDEN}")
    assert is_told(twitch)


def test_a_copy_of_a_shared_chat_is_moderated_here_and_answered_at_home(
    house: House, twitch: Chat
) -> None:
    elsewhere = signed.twitch_copy(house, "!help", channel=twitch.channel)
    assert elsewhere.send(house)[0] < 300
    assert twitch.silent(2)
    shown = signed.twitch_copy(house, f"get {FORBIDDEN}", channel=twitch.channel)
    assert shown.send(house)[0] < 300
    number = json.loads(shown.body)["event"]["message_id"]

    def verdicts() -> list[str]:
        path = f"/api/operations/events/{quote(f'twitch:{number}', safe='')}"
        key = {"authorization": f"Bearer {house.keys['WADDLEBOT_API_KEY']}"}
        status, told = house.ask("GET", path, headers=key)
        return [one["reason"] for one in told["verdicts"]] if status == 200 else []

    assert eventually(lambda: verdicts() == ["allowed"], within=15), verdicts()


@pytest.fixture
def slack(house: House) -> Chat:
    return house.chat(on="slack", channel="C0GENERAL")


@pytest.mark.xdist_group("the pond's rules")
def test_a_line_with_a_file_is_a_line(slack: Chat) -> None:
    phrase = f"nitro {uuid.uuid4().hex[:8]}"
    assert slack.asks("max", f'!rules add contains "{phrase}" block', phrase, within=15)
    slack.from_now_on()
    happens(slack, "file_share", text=phrase)
    assert is_told(slack)
    happens(slack, "edit", text=f"{phrase} again")
    assert is_told(slack)
    assert slack.asks("max", "!rules undo", "Taken back", within=15)
    slack.from_now_on()
    happens(slack, "file_share", text="!help")
    assert slack.hears("!quote", within=15)


def test_a_certificate_check_of_slacks_is_answered_and_nothing_is_done(house: House) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}

    def posted(body: bytes) -> int:
        return house.ask("POST", "/webhooks/slack", body=body, headers=form)[0]

    assert posted(b"ssl_check=1&token=xxx") == 200
    assert posted(b"ssl_check=2&token=xxx") == 401
    assert posted(b"ssl_check=1&token=xxx&command=/waddlebot&text=help") == 401


def test_what_is_kept_is_not_said_where_a_rule_forbids_it(twitch: Chat) -> None:
    assert twitch.asks(
        "max", f"!addquote {FORBIDDEN} is what he said", "I do not say that here", within=15
    )
    twitch.from_now_on()
    assert twitch.asks("ana", "!quote", "I do not say that here", within=15, to=twitch.viewer)
    assert twitch.asks(
        "max", f"!announce {FORBIDDEN} for everybody", "I do not say that here", within=15, to="max"
    )


def test_words_of_an_unknown_command_are_not_said_back(twitch: Chat) -> None:
    twitch.says("max", f"@WaddleBot {FORBIDDEN}?")
    assert not twitch.hears(f"no '{FORBIDDEN}", within=2)


def test_a_line_said_with_me_is_a_line(house: House, twitch: Chat) -> None:
    line = signed.twitch_line(house, "\x01ACTION !help\x01", channel=twitch.channel)
    assert line.send(house)[0] < 300
    assert twitch.hears("!quote", within=15)


def test_a_gift_of_five_is_one_event_worth_five(house: House) -> None:
    place = own_place(TWITCH)["channel"]
    gifter = str(uuid.uuid4().int % 10**9)

    def notice(kind: str, details: dict[str, Any]) -> None:
        told = signed.twitch_notice(house, kind, details, channel=place, user=gifter)
        assert told.send(house)[0] < 300

    notice("community_sub_gift", {"id": "g1", "total": 5, "sub_tier": "1000"})
    for number in range(5):
        notice(
            "sub_gift",
            {"recipient_user_id": str(number + 1), "community_gift_id": "g1", "sub_tier": "1000"},
        )
    chat = house.chat(on=TWITCH, channel=place, viewer="gifter")

    def has_score() -> bool:
        signed.twitch_line(house, "!score", channel=place, user=gifter, name="Gifter").send(house)
        told = chat.hears("points here", within=2)
        # A sixth gift would be 60 more; for their lines chatters get 5 now and then.
        return told is not None and 300 <= int(told["text"].split()[2]) < 360

    assert eventually(has_score, within=20)
