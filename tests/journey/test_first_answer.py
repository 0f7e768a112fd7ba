"""A message goes in, an answer comes out."""

from __future__ import annotations

import pytest

from tests.helpers.first_answer import a_quote_is_kept_and_shown_once
from tests.helpers.house import Chat


@pytest.mark.parametrize("chat", ["twitch", "slack", "discord"], indirect=True)
def test_a_chatter_gets_one_answer_on_every_platform(chat: Chat) -> None:
    a_quote_is_kept_and_shown_once(chat)
