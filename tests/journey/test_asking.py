"""What these tests take for an answer: nothing that answers another line."""

from __future__ import annotations

import pytest

from tests.helpers.house import Chat

HELP = "More about one"
PATIENCE = 15.0


@pytest.mark.parametrize("chat", ["twitch", "discord"], indirect=True)
def test_an_answer_to_another_line_is_none_to_this_one(chat: Chat) -> None:
    chat.says("ana", "!help")
    assert chat.asks("ana", "good morning", HELP, within=2.0) is None, "on its way or there"
    assert not chat.asks_until("ana", "good morning", HELP, within=0.5, each=0.2)
    assert chat.asks("ana", "!help memories", "!quote", within=PATIENCE)
    unread = chat.hears(HELP, within=PATIENCE)
    assert unread, "it is still there for whoever waits for it"


@pytest.mark.parametrize("chat", ["slack"], indirect=True)
def test_where_no_answer_shows_its_line_what_was_there_before_is_none(chat: Chat) -> None:
    chat.says("ana", "!help")
    first = chat.hears(HELP, within=PATIENCE)
    assert first
    chat._seen.append(first)  # unread again
    assert chat.asks("ana", "good morning", HELP, within=1.0) is None
    assert chat.asks_until("ana", "!help", HELP, within=PATIENCE, each=PATIENCE)
