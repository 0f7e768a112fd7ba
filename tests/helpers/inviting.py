"""Communities that were told who they are, and people who are asked into them."""

from __future__ import annotations

import re

from tests.helpers.chatting import says
from tests.helpers.homes import own_place
from tests.helpers.house import Chat, House


def settled(house: House, on: str) -> Chat:
    chat = house.chat(on=on, **own_place(on))
    says(chat, "olga", "hello everybody", "!help")
    return chat


def invited(chat: Chat) -> str:
    """The word. Its answer stands in the channel, where nobody else's does."""
    chat.says("olga", "/waddlebot community invite")
    while (told := chat.hears("!community join", within=10)) is not None:
        if told["channel"] == chat.channel:
            assert told["kind"] in {"ephemeral", "private"}
            return word_of(told["text"])
    raise AssertionError("nobody was invited")


def word_of(said: str) -> str:
    """That an answer to an invitation tells."""
    found = re.search(r"community join (\w{8})", said)
    assert found, said
    return found[1]
