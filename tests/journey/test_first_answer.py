"""A message goes in, an answer comes out."""

from __future__ import annotations

import re

import pytest

from tests.helpers.house import Chat


@pytest.mark.parametrize("chat", ["twitch", "slack", "discord"], indirect=True)
def test_a_chatter_gets_one_answer_on_every_platform(chat: Chat) -> None:
    chat.says("max", "!addquote Waddle on!")
    (kept,) = chat.heard()
    number = re.search(r"#(\d+)", kept)
    assert number, kept

    chat.says("ana", f"!quote {number[1]}")
    (said,) = chat.heard()
    assert "Waddle on!" in said
    assert chat.silent()
