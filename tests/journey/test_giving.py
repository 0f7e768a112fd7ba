"""Points are given in chat, on each platform."""

from __future__ import annotations

import pytest

from tests.helpers.chatting import says
from tests.helpers.house import Chat

EVERYWHERE = ["twitch", "discord", "slack"]


def earns(chat: Chat) -> None:
    """Ana has written there, and her first line counts."""
    if chat.on == "discord":
        chat.viewer = "ana"
    chat.says("max", "hello")
    says(chat, "ana", "!score", "You have")
    assert chat.asks_until("ana", "!score", "You have 5 points here", within=30), chat.said


@pytest.mark.parametrize("chat", EVERYWHERE, indirect=True)
def test_points_are_given_and_what_cannot_be_is_said(chat: Chat) -> None:
    earns(chat)
    says(chat, "ana", "!give @max", "Usage: !give <person> <points>")
    says(chat, "ana", "!give @max -1", "Say how many points as a whole number")
    says(chat, "ana", "!give @max 0", "Give one point at least")
    says(chat, "ana", "!give @max 900000", "You have 5 points to give")
    says(chat, "ana", "!give @max 2", "2 points. 3 left to give; see: !reputation")
    says(chat, "ana", "!reputation", "Standing: fair (600). 3 to give: !give @ana 5")
    says(chat, "max", "!give @max 1", "You cannot give points to yourself")


@pytest.mark.parametrize("chat", ["discord", "slack"], indirect=True)
def test_who_was_never_seen_gets_none(chat: Chat) -> None:
    earns(chat)
    nobody = "<@309000000000000009>" if chat.on == "discord" else "<@U0NOBODY>"
    says(chat, "ana", f"!give {nobody} 1", "write here yet, and bots get no points")


@pytest.mark.parametrize("chat", ["twitch", "discord"], indirect=True)
def test_a_community_switches_giving_off_and_on(chat: Chat) -> None:
    earns(chat)
    says(chat, "max", "!settings set giving off", "is for admins only", to="max")
    says(chat, "olga", "!settings set giving some", "Say how many points one person gives a day")
    says(chat, "olga", "!settings set giving off", "giving is nothing now, it was 1000")
    says(chat, "ana", "!give @max 2", "An admin lets people: !settings set giving usual")
    says(chat, "olga", "!settings set giving 3", "giving is 3 now, it was nothing")
    says(chat, "ana", "!give @max 4", "One person gives at most 3 points in 24 hours here")
    says(chat, "olga", "!commands rename give spend", "is called spend here now")
    says(chat, "olga", "!settings set prefix ?", "prefix is ? now")
    says(chat, "ana", "?spend @max 0", "Give one point at least: ?spend @ana 5")
    says(chat, "ana", "?spend @max 3", "3 points. 2 left to give")
