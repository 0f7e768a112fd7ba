"""Two homes of one community: invited by a word, together, and each on its own again."""

from __future__ import annotations

import pytest

from tests.helpers.chatting import says
from tests.helpers.house import House
from tests.helpers.inviting import invited, settled

# An invitation is told to its owner privately: two at once are not told apart there.
pytestmark = pytest.mark.xdist_group("invitations")


def test_a_channel_joins_a_server_by_a_word_and_leaves_again(house: House) -> None:
    discord, twitch = settled(house, "discord"), settled(house, "twitch")
    name = f"Penguins {discord.server[:6]}"
    says(twitch, "olga", "!addquote Only on Twitch", "Kept as quote #1")
    says(discord, "olga", "!addquote Only on Discord", "Kept as quote #1")
    says(discord, "max", f"!community name {name}", "is for owners only", to="max")
    says(discord, "olga", f"!community name {name}", f"called {name} now")
    says(twitch, "olga", f"!community name {name.upper()}", "already")
    says(twitch, "olga", "!community join 22222222", "not known, or too old")
    word = invited(discord)
    says(twitch, "max", f"!community join {word}", "is for owners only", to="max")
    says(twitch, "olga", f"!community join {word}", f"Welcome to {name}")
    says(twitch, "olga", f"!community join {word}", "not known, or too old")
    says(twitch, "olga", "!quote 1", "Only on Discord")
    says(twitch, "olga", "!community", f"This is {name}: servers and channels 1 on Discord, 1 on")
    says(twitch, "olga", "!commands off roll", "up to its admins")
    says(discord, "olga", "!commands off roll", "roll is switched off here now")
    says(discord, "olga", "!community leave", "was founded here")
    says(twitch, "max", "!community leave", "for owners only")
    says(twitch, "olga", "!community leave", "If that is meant: !community leave really")
    says(twitch, "olga", "!community leave rely", "If that is meant: !community leave really")
    says(twitch, "olga", "!community info", "1 on Discord, 1 on Twitch")
    says(twitch, "olga", "!community leave really", "on its own again")
    says(twitch, "olga", "!quote 1", "Only on Twitch")
    says(twitch, "olga", "!commands off roll", "roll is switched off here now")
