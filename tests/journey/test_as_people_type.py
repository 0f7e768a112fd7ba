"""Commands as people type them: behind names, on the second line, mistyped, or hardly at all."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any

import pytest

from tests.helpers import signed
from tests.helpers.homes import own_place
from tests.helpers.house import Chat, House
from tests.helpers.signed import Delivery

TWITCH, DISCORD = "twitch", "discord"
PATIENCE = 15.0
FRIENDLY = "Hello! I am here for commands"


@pytest.fixture
def twitch(house: House) -> Chat:
    return a_chat(house, TWITCH)


@pytest.fixture
def discord(house: House) -> Chat:
    return a_chat(house, DISCORD)


def a_chat(house: House, on: str) -> Chat:
    chat = house.chat(on=on, **own_place(on))
    chat.says("olga", "hello everybody")
    assert "!help" in chat.heard(within=PATIENCE)[0]
    chat.from_now_on()
    return chat


def says(chat: Chat, who: str, text: str, answer: str) -> str:
    heard = chat.asks(who, text, answer, within=PATIENCE)
    assert heard, (text, answer)
    return str(heard["text"])


def changed(house: House, delivery: Delivery, **fields: object) -> Delivery:
    body = json.loads(delivery.body)
    body["event"] |= fields
    return signed.twitch(house, body)


def a_reply(house: House, text: str, **parent: object) -> Delivery:
    """As Twitch tells it: the text begins with the name of whom it answers."""
    reply = {
        "parent_message_id": str(uuid.uuid4()),
        "parent_message_body": "hello",
        "parent_user_id": "4100077",
        "parent_user_login": "maxim",
        "parent_user_name": "MaXim",
        "thread_message_id": str(uuid.uuid4()),
        "thread_user_id": "4100077",
        "thread_user_login": "maxim",
        "thread_user_name": "MaXim",
        **parent,
    }
    channel = str(parent.pop("channel"))
    return changed(house, signed.twitch_line(house, text, channel=channel), reply=reply)


@pytest.mark.parametrize("text", ["@MaXim !commands", "@maxim, !commands"])
def test_a_command_behind_the_name_that_a_reply_begins_with(
    house: House, twitch: Chat, text: str
) -> None:
    assert a_reply(house, text, channel=twitch.channel).send(house)[0] < 300
    assert twitch.hears("!quote", within=PATIENCE)


def test_a_name_that_somebody_typed_is_no_reply(house: House, twitch: Chat) -> None:
    assert a_reply(house, "@olga !commands", channel=twitch.channel).send(house)[0] < 300
    assert twitch.silent(2)


@pytest.mark.parametrize(
    "text", ["@WaddleBot, commands", "@WaddleBot: !commands", "@WaddleBot\ncommands"]
)
def test_a_command_behind_a_mention_of_the_bot(twitch: Chat, discord: Chat, text: str) -> None:
    for chat in (twitch, discord):
        if chat.on == TWITCH and "\n" in text:
            continue  # a line of Twitch has no second one
        says(chat, "ana", text, "!quote")


def test_a_command_on_the_second_line(discord: Chat) -> None:
    says(discord, "ana", "so says Max:\n!commands", "!quote")
    discord.from_now_on()
    discord.says("ana", "```\n!commands\n```")
    assert discord.silent(2)


def test_commands_lists_what_one_may_use_for_everybody(twitch: Chat) -> None:
    for_ana = says(twitch, "ana", "!commands", "!quote")
    assert "!addquote" not in for_ana
    first = says(twitch, "max", "!commands", "Page 1 of")
    assert "!alias add" in first
    assert "!commands 2 goes on" in first
    others = (says(twitch, "max", f"!commands {n}", f"Page {n} of") for n in range(2, 12))
    assert any("!so" in one for one in others)


def test_whoever_may_not_change_commands_reads_the_refusal(twitch: Chat) -> None:
    says(twitch, "ana", "!commands rename !quote zitat", "is for admins only")
    says(twitch, "ana", "!command off !quote", "is for admins only")
    for first in ("!commands", "!command"):
        says(twitch, "olga", f"{first} need !quote moderators", "is for moderators here now")
        says(twitch, "olga", f"{first} need !quote usual", "as usual")
    says(twitch, "olga", "!help command off", "!command off <name>")


def test_a_sub_command_that_does_not_exist_gets_those_that_do(twitch: Chat) -> None:
    for typed in ("!commands of !quote", "!command of !quote", "!limits ad !quote"):
        heard = says(twitch, "olga", typed, f"{typed.split()[0][1:]}: ")
        assert f"{typed.split()[0]} " in heard
    assert "nothing that you may use" in says(twitch, "ana", "!rules ad x", "rules: ")


def test_so_means_shoutout(twitch: Chat) -> None:
    says(twitch, "ana", f"!so @{twitch.viewer}", "!so is for moderators only")
    twitch.says("max", f"!so @{twitch.viewer}")
    assert twitch.hears("", within=PATIENCE)


def test_a_mistyped_command_is_offered_once_a_minute_a_place(twitch: Chat) -> None:
    says(twitch, "ana", "!qoute 3", "Did you mean !quote?")
    for typed in ("!qoute 4", "!hlep"):
        twitch.from_now_on()
        twitch.says("ana", typed)
        assert twitch.silent(2)


def test_a_community_with_two_bots_switches_offers_off(twitch: Chat) -> None:
    says(twitch, "olga", "!settings set offers off", "offers is off now, it was on")
    twitch.from_now_on()
    twitch.says("ana", "!qoute 3")
    assert twitch.silent(2)
    says(twitch, "olga", "!settings", "not offered the nearest")


def test_a_mention_that_is_no_command_gets_one_friendly_sentence(
    twitch: Chat, discord: Chat
) -> None:
    for chat in (twitch, discord):
        for text in ("@WaddleBot hello there", "@WaddleBot: thanks a lot"):
            assert "There is no" not in says(chat, "ana", text, FRIENDLY)
        says(chat, "ana", "@WaddleBot qoute 3", "Did you mean !quote?")


def test_slack_mentions_are_read_alike(house: House) -> None:
    team, channel = f"T{uuid.uuid4().int % 10**9}", f"C{uuid.uuid4().int % 10**9}"

    def mention(text: str) -> dict[str, Any]:
        moment = f"{time.time():.6f}"
        event = {
            "type": "app_mention",
            "channel": channel,
            "user": "U0SOMEBODY",
            "text": text,
            "ts": moment,
            "event_ts": moment,
        }
        return {
            "token": "x",
            "type": "event_callback",
            "team_id": team,
            "event_id": f"Ev{uuid.uuid4().hex[:9].upper()}",
            "event_time": int(time.time()),
            "authorizations": [{"team_id": team, "user_id": "U0BOT", "is_bot": True}],
            "event": event,
        }

    def send(text: str) -> None:
        body = json.dumps(mention(text)).encode()
        assert signed.slack(house, body, form=False).send(house)[0] < 300

    chat = house.chat(on="slack", channel=channel, viewer="U0SOMEBODY")
    chat.from_now_on()
    send("<@U0BOT> hello")
    assert chat.hears("!help", within=PATIENCE)
    for text in ("<@U0BOT>, commands", "<@U0BOT>: !commands", "<@U0BOT>\ncommands"):
        chat.from_now_on()
        send(text)
        assert chat.hears("!quote", within=PATIENCE), text
