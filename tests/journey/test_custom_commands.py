"""A community makes commands of its own, typed as people of other bots type it."""

from __future__ import annotations

import secrets

import pytest

from tests.helpers.chatting import says
from tests.helpers.house import Chat

UNCALLED = "ban @\N{ZERO WIDTH SPACE}everyone"


@pytest.mark.parametrize("chat", ["twitch", "discord", "slack"], indirect=True)
def test_a_community_has_commands_of_its_own(chat: Chat) -> None:
    """In words that nobody else says: the place may be other tests' as well."""
    own = secrets.token_hex(3)
    hello, hug, deaths, hey = (f"{word}{own}" for word in ("hello", "hug", "deaths", "hey"))
    says(chat, "olga", f"!addcom {hello} Hi $(user)!", f"!{hello} says: Hi $(user)!")
    says(chat, "ana", f"!{hello}", "Hi ")
    says(chat, "olga", f"!command add !{hug} You hug $(touser), $(2-|friend)", f"!{hug} says")
    says(chat, "ana", f"!{hug} Pip dear Pip", "You hug Pip, dear Pip")
    says(chat, "ana", f"!{hug} Pip", "You hug Pip, friend")
    says(chat, "olga", f"!addcom {deaths} $(count) so far", f"!{deaths} says")
    says(chat, "ana", f"!{deaths}", "1 so far")
    says(chat, "ana", f"!{deaths}", "2 so far")
    says(chat, "olga", f"!editcom {hug} /ban $(query)", f"!{hug} says")
    says(chat, "ana", f"!{hug} @everyone", UNCALLED)
    says(chat, "olga", f"!addcom {hey} $(eval 1+1)", "runs a program, which no text here does")
    says(chat, "olga", f"!addcom {hey} $(wether)", "There is no variable $(wether).")
    says(chat, "olga", f"!editcom {hello} Hello $(user).", f"!{hello} says: Hello $(user).")
    says(chat, "ana", f"!help {hello}", f"!{hello} says: Hello $(user).")
    says(chat, "ana", f"!delcom {hello}", "is for moderators only")
    says(chat, "olga", f"!custom rename {hello} {hey}", f"{hello} is !{hey} now.")
    says(chat, "ana", f"!{hey}", "Hello ")
    for word in (hug, deaths, hey):
        says(chat, "olga", f"!delcom {word}", f"Deleted: !{word}.")
