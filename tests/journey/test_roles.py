"""Somebody is refused, promoted, allowed, demoted and refused again, line by line."""

from __future__ import annotations

import pytest

from tests.helpers.chatting import named, says
from tests.helpers.house import Chat


@pytest.mark.parametrize("chat", ["twitch", "discord"], indirect=True)
def test_a_role_holds_from_the_next_line_and_is_gone_with_the_next_line(chat: Chat) -> None:
    if chat.on == "discord":
        chat.viewer = "ana"  # whom a mention finds
    who = named(chat)
    says(chat, "ana", "!addquote First", "is for moderators only")
    says(chat, "olga", f"!roles give {who} moderator", "is a moderator here now")
    says(chat, "ana", "!addquote Second", "Kept as quote #1")
    says(chat, "max", "!roles", "moderator")
    says(chat, "olga", f"!roles give {who} none", "has no role here any more")
    chat.says("ana", "!addquote Third")
    says(chat, "olga", "!addquote Fourth", "Kept as quote #2")
    assert chat.asks("ana", "!why", "!addquote is for moderators; ", within=10)


@pytest.mark.parametrize("chat", ["twitch"], indirect=True)
def test_nobody_gives_more_than_they_have(chat: Chat) -> None:
    chat.says("ana", "hello")
    me = f"@{chat.viewer}"
    says(chat, "max", f"!roles give {me} moderator", "is for admins only", to="max")
    says(chat, "olga", "!roles give @nobodyatall admin", "not seen @nobodyatall", to="olga")
    says(chat, "olga", f"!roles give {me} king", "There are the roles")
    says(chat, "olga", f"!roles give {me} admin", "is an admin here now")
    says(chat, "ana", "!roles give @olga owner", "takes more than you have here")
    says(chat, "ana", f"!roles give {me} admin", "takes more than you have here")
    says(chat, "olga", f"!roles give {me} owner", "is an owner here now")
    says(chat, "ana", f"!roles give {me} none", "ask somebody else to")
    says(chat, "ana", "!roles give @olga none", "has no role here any more")


@pytest.mark.parametrize("chat", ["twitch", "discord"], indirect=True)
def test_a_community_says_who_may_use_a_command_and_who_can_help(chat: Chat) -> None:
    if chat.on == "discord":
        chat.viewer = "ana"
    who = named(chat)
    says(chat, "ana", "!addquote Before", "is for moderators only. Ask one of them")
    says(chat, "olga", f"!roles give {who} moderator here", "is a moderator in this channel now")
    says(chat, "ana", "!addquote First", "Kept as quote #1")
    says(chat, "olga", "!commands need !addquote admins", "!addquote is for admins here now")
    chat.says("ana", "!addquote Second")
    says(chat, "olga", "!command list", "!addquote is for admins")
    says(chat, "ana", "!why", "!addquote is for admins; ")
    says(chat, "olga", "!commands need !addquote usual", "is for moderators, as usual")
    says(chat, "ana", "!addquote Third", "Kept as quote #2")
    says(chat, "olga", "!commands off !addquote here", "switched off in this channel now")
    chat.says("ana", "!addquote Fourth")
    says(chat, "olga", "!command", "!addquote is off in this channel")
    says(chat, "ana", "!why", "!addquote is switched off here")
    says(chat, "olga", "!commands on !addquote here", "switched on in this channel now")
    says(chat, "ana", "!addquote Fifth", "Kept as quote #3")


@pytest.mark.parametrize("chat", ["twitch"], indirect=True)
def test_nobody_gives_away_what_admins_decide(chat: Chat) -> None:
    says(chat, "max", "!commands need !addquote everybody", "is for admins only")
    says(chat, "olga", '!commands need "commands off" moderators', "stays with admins")
    says(chat, "olga", "!commands off commands", "always works")
    says(chat, "olga", "!commands need !nothing admins", "There is no command")
    says(chat, "olga", "!commands need !quote kings", "Say for whom")
