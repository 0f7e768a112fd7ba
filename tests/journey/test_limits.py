"""Moderators say how often a command may be used, and it holds at the next line."""

from __future__ import annotations

import pytest

from tests.helpers.house import Chat


@pytest.mark.parametrize("chat", ["twitch", "discord", "slack"], indirect=True)
def test_a_limit_holds_for_everybody_but_moderators_until_it_is_cleared(chat: Chat) -> None:
    assert chat.asks(
        "max", "!limits set !stats 1 in 1h together", "once in 1 h, everybody together", within=10
    )
    assert chat.asks(
        "max",
        "!limits set !stats none moderators together",
        "no limit, everybody together, for moderators",
        within=10,
    )

    assert chat.asks("ana", "!stats", "In the last 24 hours", within=10)
    assert chat.asks("ben", "!stats", "!stats needs a rest. Try again in 60 min.", within=10)
    chat.says("ana", "!stats")
    assert chat.silent()  # said once
    assert chat.asks("max", "!stats", "In the last 24 hours", within=10)

    assert chat.asks("max", "!limits clear !stats", "Cleared", within=10)
    assert chat.asks("ben", "!stats", "In the last 24 hours", within=10)
