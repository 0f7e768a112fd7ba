"""A community makes words of its own, as people talk on each platform."""

from __future__ import annotations

import secrets

import pytest

from tests.helpers.chatting import says
from tests.helpers.house import Chat


@pytest.mark.parametrize("chat", ["twitch", "discord", "slack"], indirect=True)
def test_a_community_talks_in_words_of_its_own(chat: Chat) -> None:
    """In words that nobody else says: the place may be other tests' as well."""
    own = f"w{secrets.token_hex(3)}"  # no number: quotes have numbers
    wisdom, flop, hello, both, hey = (
        f"{word}{own}" for word in ("wise", "flop", "hi", "both", "hey")
    )
    says(chat, "olga", f"!addquote Waddle {own}", "Kept as quote #")
    says(
        chat,
        "olga",
        f"!alias add {wisdom} = !quote $1",
        f"!{wisdom} <1> stands for !quote $1 now.",
    )
    says(chat, "ana", f"!{wisdom}", f"Usage: !{wisdom} <1>. It stands for !quote $1")
    says(chat, "ana", f"!{wisdom} {own}", f"Waddle {own}")
    says(chat, "olga", f"!alias add {flop} = counter: That was flop number {{count}}", "stands for")
    says(chat, "ana", f"!{flop}", "That was flop number 1")
    says(chat, "ana", f"!{flop}", "That was flop number 2")
    says(
        chat,
        "olga",
        f'!alias add {hello} = "Welcome, ${{1:-stranger}}!" ',
        f"!{hello} [1] stands for Welcome, ${{1:-stranger}}!",
    )
    says(chat, "ana", f"!{hello}", "Welcome, stranger!")
    says(chat, "olga", f"!alias add {both} = !{wisdom} {own} && !{hello} $*", "stands for")
    chat.from_now_on()
    says(chat, "ana", f"!{both} Pip", "Welcome, Pip!")
    says(
        chat,
        "ana",
        f"!help {both}",
        f"!{both} [more] stands for !{wisdom} {own} && !{hello} $",
    )
    says(chat, "ana", f"!help {both}", "Show a quote: that number")
    says(chat, "ana", f"!alias remove {both}", "is for moderators only")
    says(chat, "olga", f"!alias rename {both} {hey}", f"{both} is !{hey} now.")
    for word in (hey, hello, flop, wisdom):
        says(chat, "olga", f"!alias remove {word}", f"Removed: !{word}.")
