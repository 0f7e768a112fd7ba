"""Whoever types a slash command reads what came of it, every time: never that there was nothing."""

from __future__ import annotations

import pytest

from tests.helpers.chatting import says
from tests.helpers.house import Chat

PATIENCE = 15.0
LIMIT = "!limits set !reminders 1 in 1h here"
EMPTY = "I have nothing to say"
BOTH = pytest.mark.parametrize("chat", ["discord", "slack"], indirect=True)


def slash(chat: Chat, text: str, answer: str, *, times: int = 2, who: str = "ana") -> None:
    """Each time; the answer is for nobody else to read where it is a refusal."""
    for _ in range(times):
        chat.from_now_on()
        heard = chat.asks(who, f"/waddlebot {text}", answer, within=PATIENCE)
        assert heard, (text, answer, chat._seen)
        assert not any(EMPTY in item["text"] for item in chat._seen)


@BOTH
def test_a_refusal_is_said_as_often_as_it_is_asked_for(chat: Chat) -> None:
    slash(chat, "addquote x", "is for moderators only", times=3)


@BOTH
def test_a_typo_and_a_usage_are_said(chat: Chat) -> None:
    slash(chat, "qoute", "Did you mean !quote?")
    slash(chat, "remind soon tea", "I need a time first")
    slash(chat, "remind", "!remind")


@BOTH
def test_what_is_switched_off_says_so(chat: Chat) -> None:
    says(chat, "olga", "!commands off !quote here", "off")
    slash(chat, "quote", "!quote is switched off here")
    slash(chat, "quote", "!quote is switched off here", who="max")


@BOTH
def test_a_quiet_place_says_so(chat: Chat) -> None:
    says(chat, "max", "!waddlebot off", "I am quiet in this channel now")
    slash(chat, "help", "I am quiet here. A moderator can wake me")
    slash(chat, "no such thing", "I am quiet here. A moderator can wake me")
    says(chat, "max", "!waddlebot on", "I am back")


@BOTH
def test_who_is_too_fast_is_told_each_time(chat: Chat) -> None:
    says(chat, "olga", LIMIT, "once in 1 h")
    slash(chat, "reminders", "You have no reminders", times=1)
    slash(chat, "reminders", "Try again in", times=3)
