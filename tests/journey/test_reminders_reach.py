"""A reminder calls exactly who asked, where it was asked; else in the next best place."""

from __future__ import annotations

import json
import time
import uuid

import pytest

from local.stand_ins.people import stable_number
from tests.helpers import signed
from tests.helpers.chatting import a_thread, there
from tests.helpers.homes import greeted_on_slack, own_place
from tests.helpers.house import Chat, House
from tests.helpers.reminding import comes_now
from tests.helpers.stand_in_faults import breaks

PATIENCE = 20.0
REMINDER = "⏰ Reminder for"


def asks(chat: Chat, words: str, *, thread: str = "") -> str:
    """A word that no other reminder has."""
    word = f"w{uuid.uuid4().hex[:8]}"
    chat.says("ana", f"!remind 10m {word} {words}", **({"thread": thread} if thread else {}))
    told = there(chat, thread) if thread else chat
    assert told.hears("I will remind you", within=PATIENCE)
    return word


def reminded(chat: Chat) -> dict[str, object]:
    heard = chat.hears(REMINDER, within=PATIENCE)
    assert heard, chat._seen
    return heard


@pytest.mark.parametrize("chat", ["discord", "slack", "twitch"], indirect=True)
def test_a_reminder_calls_who_asked_and_nobody_else(chat: Chat) -> None:
    comes_now(chat.house, asks(chat, "tell @max and @everyone"))
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
    words = [asks(chat, f"number {n}", thread=one.channel) for n, one in enumerate(threads)]
    breaks(chat.house, "discord", "10003", threads[1].channel)
    breaks(chat.house, "discord", "10003", threads[2].channel)
    comes_now(chat.house, *words)
    assert "number 0" in str(reminded(threads[0])["text"])
    in_channel = [reminded(chat), reminded(chat)]
    told = sorted(str(one["text"])[-len("number 1") :] for one in in_channel)
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
    words = [f"w{uuid.uuid4().hex[:8]}" for _ in range(2)]
    in_thread(house, f"!remind 10m {words[0]} inside", channel=channel, thread=thread)
    assert chat.hears("I will remind you", within=PATIENCE)
    comes_now(house, words[0])
    heard = reminded(chat)
    assert str(heard["in_reply_to"]).endswith(thread)
    in_thread(house, f"!remind 10m {words[1]} outside", channel=channel, thread=thread)
    assert chat.hears("I will remind you", within=PATIENCE)
    breaks(house, "slack", "thread_not_found", channel)
    comes_now(house, words[1])
    heard = reminded(chat)
    assert (heard["in_reply_to"], heard["kind"]) == (None, "chat")
    assert heard["pings"] == ["<@U0ANA>"]


@pytest.mark.parametrize("chat", ["discord", "slack"], indirect=True)
def test_a_reminder_whose_channel_is_gone_comes_privately(chat: Chat) -> None:
    word = asks(chat, "all is gone")
    gone = {"discord": "10003", "slack": "channel_not_found"}[chat.on]
    breaks(chat.house, chat.on, gone, chat.channel)
    comes_now(chat.house, word)
    heard = reminded(chat)
    assert heard["kind"] == "private"
    assert heard["to"] == chat.viewer
