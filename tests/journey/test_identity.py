"""One person on two platforms: asked by a code, agreed to on the other, and taken apart again."""

from __future__ import annotations

import re

import pytest

from tests.helpers.chatting import says, says_privately
from tests.helpers.house import Chat, House
from tests.helpers.inviting import invited, settled

# An invitation is told to its owner privately: two at once are not told apart there.
pytestmark = pytest.mark.xdist_group("invitations")


def code_for(chat: Chat, name: str) -> str:
    told = says_privately(chat, f"!identity link twitch {name}", "type !verify")
    found = re.search(r"!verify (\w{6}) ", told)
    assert found is not None, told
    return found[1]


def one_community(house: House) -> tuple[Chat, Chat]:
    """Ana, by another name on each, and nobody else's doing in it."""
    discord, twitch = settled(house, "discord"), settled(house, "twitch")
    says(twitch, "olga", f"!community join {invited(discord)}", "Welcome to")
    return discord, twitch


def test_a_role_given_on_one_platform_holds_on_the_other(house: House) -> None:
    discord, twitch = one_community(house)
    says(twitch, "ana", "!addquote Before", "is for moderators only")
    says(twitch, "olga", f"!labels add @{twitch.viewer} memories", "has the label")
    says(discord, "ana", "!addquote Before", "is for moderators only")

    code = code_for(discord, twitch.viewer)
    says_privately(twitch, f"!verify {code}", "wants to be one person with you")
    told = says_privately(twitch, f"!verify {code} yes", "You are one person now")
    assert "on Discord" in told
    assert "on Twitch" in told
    says(discord, "ana", "!addquote First", "Kept as quote #1")
    says_privately(discord, "!whoami", f"and {twitch.viewer} on Twitch")
    says_privately(twitch, f"!verify {code} yes", "not for you, or too old")

    says_privately(discord, "!identity unlink twitch", "a person of its own again")
    discord.says("ana", "!addquote Second")
    says(discord, "max", "!labels", "There are the labels")
    says_privately(discord, "!why", "!addquote is for moderators; ")
    says(twitch, "ana", "!addquote Third", "Kept as quote #2")


def test_nobody_takes_an_account_over_with_a_code_that_is_not_theirs(house: House) -> None:
    discord, twitch = one_community(house)
    code = code_for(discord, twitch.viewer)
    victim, thief = twitch.viewer, f"thief{twitch.viewer[3:]}"
    twitch.viewer = thief
    says_privately(twitch, f"!verify {code} yes", "not for you, or too old")
    twitch.viewer = victim
    # Sure before anything was asked is not sure.
    says_privately(twitch, f"!verify {code} yes", "wants to be one person with you")
    says_privately(discord, "!identity link twitch somebodyelse", "You got a code just now")
    says_privately(discord, "!identity link discord me", "You are on Discord already")
    says_privately(discord, "!identity link irc me", "There are the platforms")
