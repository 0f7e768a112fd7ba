"""A line of chat becomes a quote, and what people keep or ask to hear again comes to them alone."""

from __future__ import annotations

import uuid

import pytest

from tests.helpers.chatting import says
from tests.helpers.house import Chat
from tests.helpers.reminding import comes_now

PATIENCE = 20.0


def some_word() -> str:
    return f"waddle{uuid.uuid4().hex[:10]}"


@pytest.mark.parametrize("chat", ["discord", "twitch"], indirect=True)
def test_the_line_that_a_moderator_answers_is_kept(chat: Chat) -> None:
    word = some_word()
    line = chat.says("ana", f"Penguins {word} home")
    chat.says("ana", "!addquote", answers=line["message_id"])
    assert chat.hears("is for moderators only", within=PATIENCE)
    chat.says("max", "!addquote", answers=line["message_id"])
    assert chat.hears("Kept as quote #", within=PATIENCE)
    chat.says("olga", "!addquote", answers=line["message_id"])
    assert chat.hears("already", within=PATIENCE)

    chat.says("ana", f"!quote penguin {word}")
    shown = chat.hears(word, within=PATIENCE)
    assert shown
    number, _, told = str(shown["text"]).partition(": ")
    assert told.casefold().startswith(f"penguins {word} home — {chat.viewer}")
    chat.says("ana", f"!memories get {number}")
    story = chat.hears("kept by", within=PATIENCE)
    assert story
    assert ("https://discord.com/channels/" in story["text"]) == (chat.on == "discord")
    mistyped = f"{word[:-1]}x"  # no word ends in it: without a letter it may be a beginning
    chat.says("ana", f"!quote {mistyped}")
    assert chat.hears("Near it: #", within=PATIENCE)


@pytest.mark.parametrize("chat", ["slack"], indirect=True)
def test_on_slack_which_tells_no_line_there_is_the_form(chat: Chat) -> None:
    line = chat.says("ana", "Waddle on!")
    chat.says("max", "!addquote", answers=line["message_id"])
    assert chat.hears("A quote wants words.", within=PATIENCE)


@pytest.mark.parametrize("chat", ["discord", "slack", "twitch"], indirect=True)
def test_memos_are_read_alone(chat: Chat) -> None:
    word = some_word()
    says(chat, "ana", f"!memo {word}", "Kept for you alone as memo #", to=chat.viewer)
    says(chat, "ana", "!memos", word, to=chat.viewer)
    says(chat, "max", f"!memos {word}", "You have no memo", to="max")


@pytest.mark.parametrize("chat", ["discord", "slack", "twitch"], indirect=True)
def test_a_reminder_comes_again_until_it_is_put_away(chat: Chat) -> None:
    word = some_word()
    says(chat, "ana", f"!remind every day 9:00 {word}", "I will remind you every day, first ")
    for _ in range(2):
        comes_now(chat.house, word)
        assert chat.hears(f": {word}", within=PATIENCE)
    says(chat, "ana", "!snooze 10m", "I will remind you again in 10 minutes")
    chat.says("ana", "!reminders")
    listed = chat.hears(f"{word} (every day)", within=PATIENCE)
    assert listed
    assert "in 10 minutes" in str(listed["text"]) or "in 9 minutes" in str(listed["text"])
