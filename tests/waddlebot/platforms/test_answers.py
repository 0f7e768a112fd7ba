"""The HTTP answers to what is asked, and what a platform can do."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.helpers.payloads import ASKED_UNTIL, NOW, a_reply, a_slack_form, a_slash_command
from waddlebot.domain.events import Event
from waddlebot.platforms import find_abilities
from waddlebot.platforms.discord import render as discord
from waddlebot.platforms.discord.events import read_webhook as read_discord
from waddlebot.platforms.received import WebhookAnswer
from waddlebot.platforms.slack import render as slack
from waddlebot.platforms.slack.events import read_webhook as read_slack
from waddlebot.platforms.twitch import render as twitch

PLACE = "discord:channel:10/20"


def asked_on_discord(**changes: Any) -> Event:
    body = json.dumps(a_slash_command(**changes)).encode()
    event = read_discord({}, body, now=NOW, asked_until=ASKED_UNTIL).event
    assert event is not None
    return event


def pressed_on_discord() -> Event:
    return asked_on_discord(type=3, data={"custom_id": "a", "component_type": 2})


def asked_on_slack() -> Event:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    event = read_slack(headers, a_slack_form(), now=NOW, asked_until=ASKED_UNTIL).event
    assert event is not None
    return event


def body_of(answer: WebhookAnswer) -> Any:
    return json.loads(answer.body)


def test_replies_are_the_message_of_the_callback() -> None:
    replies = [a_reply("@here one", entity=PLACE), a_reply("two", entity=PLACE, number=1)]
    assert body_of(discord.inline(replies, asked_on_discord())) == {
        "type": 4,
        "data": {"content": "@\u200bhere one\ntwo", "allowed_mentions": {"parse": []}},
    }


def test_a_private_first_reply_makes_the_message_ephemeral() -> None:
    replies = [a_reply(entity=PLACE, private=True), a_reply(entity=PLACE, number=1)]
    assert body_of(discord.inline(replies, asked_on_discord()))["data"]["flags"] == 64


def test_nothing_is_lost_where_the_replies_are_longer_than_a_message() -> None:
    replies = [a_reply(letter * 1900, entity=PLACE, number=n) for n, letter in enumerate("abc")]
    data = body_of(discord.inline(replies, asked_on_discord()))["data"]
    shown = data["content"] + "".join(embed["description"] for embed in data["embeds"])
    assert [shown.count(letter) for letter in "abc"] == [1900] * 3
    assert len(data["content"]) <= 2000


def test_a_command_without_an_answer_still_gets_a_sentence() -> None:
    data = body_of(discord.inline([], asked_on_discord()))["data"]
    assert data["flags"] == 64
    assert data["content"]
    assert body_of(slack.inline([], asked_on_slack()))["response_type"] == "ephemeral"


def test_a_button_without_an_answer_shows_nothing() -> None:
    assert body_of(discord.inline([], pressed_on_discord())) == {"type": 6}


def test_a_deferral_suits_what_was_asked() -> None:
    assert body_of(discord.deferred(asked_on_discord())) == {"type": 5}
    assert body_of(discord.deferred(pressed_on_discord())) == {"type": 6}
    assert slack.deferred(asked_on_slack()) == WebhookAnswer()


def test_slack_is_answered_in_the_channel_or_to_one_person() -> None:
    public = slack.inline([a_reply("a & b", entity=PLACE)], asked_on_slack())
    private = slack.inline([a_reply(entity=PLACE, private=True)], asked_on_slack())
    assert body_of(public) == {"response_type": "in_channel", "text": "a &amp; b"}
    assert body_of(private)["response_type"] == "ephemeral"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/me waves", "waves"),
        ("./timeout ana", "timeout ana"),
        ("two\nlines", "two lines"),
        ("@Everyone", "@\u200bEveryone"),
        ("a/b", "a/b"),
    ],
)
def test_twitch_gets_one_line_that_is_no_command(text: str, shown: str) -> None:
    assert twitch.rendered(text) == shown


@pytest.mark.parametrize("text", ["/me waves", ".ME  waves", "/me /ban waves"])
def test_twitch_is_told_what_an_action_does_without_its_word(text: str) -> None:
    assert twitch.rendered(text).removeprefix("ban ") == "waves"
    assert twitch.rendered("/menu") == "menu"


def test_twitch_gets_at_most_five_hundred_characters() -> None:
    assert len(twitch.rendered("x" * 900)) == 500


def test_abilities_say_what_a_platform_can_do() -> None:
    assert find_abilities("twitch").most_characters == 500
    assert find_abilities("discord").deletes_messages
    assert not find_abilities("slack").deletes_messages
    assert all(find_abilities(name).private_replies for name in ("discord", "slack", "twitch"))


@pytest.mark.parametrize("name", ["", "minecraft", "..", "abilities", "no way"])
def test_an_unknown_platform_gets_modest_abilities(name: str) -> None:
    abilities = find_abilities(name)
    assert not abilities.deletes_messages
    assert abilities.most_characters > 0


def test_looking_up_abilities_imports_no_sdk() -> None:
    script = (
        "import sys; from waddlebot.platforms import find_abilities\n"
        "[find_abilities(name) for name in ('discord', 'slack', 'twitch')]\n"
        "print([m for m in ('nacl', 'redis', 'msgspec', 'discord', 'slack_sdk') "
        "if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert ran.stdout.strip() == b"[]"
