"""A community makes words of its own, as people talk on each platform."""

from __future__ import annotations

import pytest

from tests.helpers.chatting import says
from tests.helpers.house import Chat


@pytest.mark.parametrize("chat", ["twitch", "discord", "slack"], indirect=True)
def test_a_community_talks_in_words_of_its_own(chat: Chat) -> None:
    says(chat, "olga", "!addquote Waddle on", "Kept as quote #")
    says(chat, "olga", "!alias add wisdom = !quote $1", "!wisdom <1> stands for !quote $1 now.")
    says(chat, "ana", "!wisdom", "Usage: !wisdom <1>. It stands for !quote $1")
    says(chat, "ana", "!wisdom waddle", "Waddle on")
    says(chat, "olga", "!alias add flop = counter: That was flop number {count}", "stands for")
    says(chat, "ana", "!flop", "That was flop number 1")
    says(chat, "ana", "!flop", "That was flop number 2")
    says(
        chat,
        "olga",
        '!alias add hello = "Welcome, ${1:-stranger}!" ',
        "!hello [1] stands for Welcome, ${1:-stranger}!",
    )
    says(chat, "ana", "!hello", "Welcome, stranger!")
    says(chat, "olga", "!alias add both = !wisdom waddle && !hello $*", "stands for")
    chat.from_now_on()
    says(chat, "ana", "!both Pip", "Welcome, Pip!")
    says(chat, "ana", "!help both", "!both [more] stands for !wisdom waddle && !hello $")
    says(chat, "ana", "!help both", "Show a quote: that number")
    says(chat, "ana", "!alias remove both", "is for moderators only")
    says(chat, "olga", "!alias rename both hey", "both is !hey now.")
    says(chat, "olga", "!alias remove hey", "Removed: !hey.")
