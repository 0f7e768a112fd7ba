"""Buttons, menus and forms: what is pressed and filled in, on each platform."""

from __future__ import annotations

import uuid

import pytest

from tests.helpers.house import Chat
from tests.helpers.pressing import presses

PATIENCE = 15.0
DISCORD = pytest.mark.parametrize("chat", ["discord"], indirect=True)
NONE_OF_MINE = "it is none of mine, or not for you"


def hears(chat: Chat, words: str, *, to: str = "") -> dict[str, object]:
    heard = chat.hears(words, within=PATIENCE, to=to)
    assert heard, (words, chat._seen)
    return heard


def keeps_a_quote(chat: Chat) -> str:
    words = f"Waddle {uuid.uuid4().hex[:8]}"
    chat.says("max", f"!addquote {words}")
    hears(chat, "Kept")
    return words


@DISCORD
def test_a_button_is_answered(chat: Chat) -> None:
    words = keeps_a_quote(chat)
    chat.says("ana", "!quote")
    hears(chat, words)
    presses(chat, "ana", "Another")
    hears(chat, words)
