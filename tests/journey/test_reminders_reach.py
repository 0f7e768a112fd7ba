"""A reminder calls exactly who asked, where it was asked; else in the next best place."""

from __future__ import annotations

import json
import time

import pytest

from local.stand_ins.people import stable_number
from tests.helpers import signed
from tests.helpers.chatting import a_thread, there
from tests.helpers.homes import greeted_on_slack, own_place
from tests.helpers.house import Chat, House
from tests.helpers.stand_in_faults import breaks

PATIENCE = 40.0
"""The soonest reminder comes after ten seconds."""
REMINDER = "⏰ Reminder for"


def asks(chat: Chat, words: str, **more: object) -> None:
    chat.says("ana", f"!remind 10s {words}", **more)


def reminded(chat: Chat) -> dict[str, object]:
    heard = chat.hears(REMINDER, within=PATIENCE)
    assert heard, chat._seen
    return heard


@pytest.mark.parametrize("chat", ["discord", "slack", "twitch"], indirect=True)
def test_a_reminder_calls_who_asked_and_nobody_else(chat: Chat) -> None:
    asks(chat, "tell @max and @everyone")
    heard = reminded(chat)
    number = stable_number(chat.viewer)
    called = {
        "discord": [f"3020000{number:011d}"],
        "slack": [f"<@U1{number}>"],
        "twitch": [],  # the stand-in knows only three people by name
    }
    assert heard["pings"] == called[chat.on]
    if chat.on == "twitch":
        assert f"Reminder for @{chat.viewer}: " in str(heard["text"])


@pytest.mark.parametrize("chat", ["discord"], indirect=True)
def test_a_reminder_comes_in_the_thread_else_its_channel_else_privately(chat: Chat) -> None:
    threads = [there(chat, a_thread()) for _ in range(3)]
    for number, thread in enumerate(threads):
        asks(chat, f"number {number}", thread=thread.channel)
        assert thread.hears("I will remind you", within=15)
    breaks(chat.house, "discord", "10003", threads[1].channel)
    breaks(chat.house, "discord", "10003", threads[2].channel)
    assert "number 0" in str(reminded(threads[0])["text"])
    in_channel = [reminded(chat), reminded(chat)]
    told = sorted(str(one["text"]).rpartition(": ")[2] for one in in_channel)
    assert told == ["number 1", "number 2"]
    assert {one["channel"] for one in in_channel} == {chat.channel}


def in_thread(house: House, text: str, *, channel: str, thread: str) -> None:
    line = signed.slack_line(house, text, team="T0WADDLEBOT", channel=channel, user="U0ANA")
    body = json.loads(line.body)
    body["event"]["thread_ts"] = thread
    assert signed.slack(house, json.dumps(body).encode(), form=False).send(house)[0] == 200


def test_a_reminder_comes_in_the_thread_of_slack_else_in_the_channel(house: House) -> None:
    channel, thread = own_place("slack")["channel"], f"{time.time():.6f}"
    chat = house.chat(on="slack", channel=channel)
    greeted_on_slack(house)
    chat.from_now_on()
    in_thread(house, "!remind 10s inside", channel=channel, thread=thread)
    heard = reminded(chat)
    assert str(heard["in_reply_to"]).endswith(thread)
    in_thread(house, "!remind 10s outside", channel=channel, thread=thread)
    assert chat.hears("I will remind you", within=15)
    breaks(house, "slack", "thread_not_found", channel)
    heard = reminded(chat)
    assert (heard["in_reply_to"], heard["kind"]) == (None, "chat")
    assert heard["pings"] == ["<@U0ANA>"]


@pytest.mark.parametrize("chat", ["discord", "slack"], indirect=True)
def test_a_reminder_whose_channel_is_gone_comes_privately(chat: Chat) -> None:
    asks(chat, "all is gone")
    assert chat.hears("I will remind you", within=15)
    gone = {"discord": "10003", "slack": "channel_not_found"}[chat.on]
    breaks(chat.house, chat.on, gone, chat.channel)
    heard = reminded(chat)
    assert heard["kind"] == "private"
    assert heard["to"] == chat.viewer
