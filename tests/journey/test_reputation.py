"""Points for what people do, as they read them in chat."""

from __future__ import annotations

import pytest

from tests.helpers.chatting import says
from tests.helpers.house import Chat


@pytest.mark.parametrize("chat", ["twitch", "discord"], indirect=True)
def test_people_earn_points_and_a_community_says_how_many(chat: Chat) -> None:
    says(chat, "ana", "!score", "You have")
    says(chat, "ana", "!score", "You have 5 points here")
    says(chat, "olga", "!leaderboard", " 5")
    says(chat, "max", "!reputation points message 7", "is for admins only", to="max")
    says(chat, "olga", "!reputation points message 7", "message is worth 7 points here now")
    says(chat, "olga", "!reputation points message usual", "worth 5 points again")
    says(chat, "olga", "!reputation points weather 7", "There are points for message")
    says(chat, "olga", "!reputation points raid many", "Say a whole number")
