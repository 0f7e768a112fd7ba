"""Moderators say how often a command may be used, and it holds at the next line."""

from __future__ import annotations

import pytest

from tests.helpers.house import Chat


@pytest.mark.parametrize("chat", ["twitch", "discord", "slack"], indirect=True)
def test_a_limit_holds_for_everybody_but_moderators_until_it_is_cleared(chat: Chat) -> None:
    chat.says("max", "!limits set !stats 1 in 1h together")
    assert chat.hears("once in 1 h, everybody together", within=10)
    chat.says("max", "!limits set !stats none moderators together")
    assert chat.hears("no limit, everybody together, for moderators", within=10)

    chat.says("ana", "!stats")
    assert chat.hears("In the last 24 hours", within=10)
    chat.says("ben", "!stats")
    assert chat.hears("!stats needs a rest. Try again in 60 min.", within=10)
    chat.says("ana", "!stats")
    assert chat.silent()  # said once
    chat.says("max", "!stats")
    assert chat.hears("In the last 24 hours", within=10)

    chat.says("max", "!limits clear !stats")
    assert chat.hears("Cleared", within=10)
    chat.says("ben", "!stats")
    assert chat.hears("In the last 24 hours", within=10)
