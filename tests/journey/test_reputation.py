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


@pytest.mark.parametrize("chat", ["twitch", "discord", "slack"], indirect=True)
def test_a_standing_is_told_with_what_it_means(chat: Chat) -> None:
    says(chat, "ana", "!reputation", "Standing: fair (600).")
    says(chat, "ana", "!reputation tiers", "exceptional from 800, very good from 740")


@pytest.mark.parametrize("chat", ["twitch", "discord"], indirect=True)
def test_a_community_lets_points_fade(chat: Chat) -> None:
    says(chat, "max", "!settings set decay 5", "is for admins only", to="max")
    says(chat, "olga", "!settings set decay 51", "Say how many percent of points fade each week")
    says(chat, "olga", "!settings set decay 5%", "decay is 5 now, it was nothing")
    says(chat, "ana", "!reputation", "5 % fade each week.")
    says(chat, "olga", "!settings", "5 % of points fade each week")
    says(chat, "olga", "!settings set decay off", "decay is nothing now, it was 5")
