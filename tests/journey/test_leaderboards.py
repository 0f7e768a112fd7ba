"""Leaderboards as they are read in chat: of a week, of a platform, without who hides."""

from __future__ import annotations

import pytest

from tests.helpers.chatting import says
from tests.helpers.house import Chat

EVERYWHERE = ["twitch", "discord", "slack"]
PATIENCE = 60.0


def shows(chat: Chat, who: str, line: str, words: str) -> None:
    """Whoever asks again too soon is told to wait; what was just earned takes a moment."""
    assert chat.asks_until(who, line, words, within=PATIENCE, each=1), line


@pytest.mark.parametrize("chat", EVERYWHERE, indirect=True)
def test_a_board_of_the_week_and_of_a_platform(chat: Chat) -> None:
    says(chat, "ana", "!score", "You have")
    shows(chat, "ana", "!leaderboard", "1. ")
    shows(chat, "max", "!top week", "This week: 1. ")
    shows(chat, "ana", f"!leaderboard {chat.on} week", f"This week on {chat.on.title()}: 1. ")
    shows(chat, "ana", f"!leaderboard {chat.on}", f"On {chat.on.title()}: 1. ")


@pytest.mark.parametrize("chat", ["twitch", "discord"], indirect=True)
def test_who_has_as_many_points_shares_a_place_and_who_hides_has_none(chat: Chat) -> None:
    says(chat, "ana", "!score", "You have")
    shows(chat, "ana", "!leaderboard", "1. Olga")
    says(chat, "ana", "!score", "You have 5 points here")
    says(chat, "olga", "!leaderboard hide", "You stand on no leaderboard here any more")
    shows(chat, "ana", "!leaderboard week", f"This week: 1. {chat.viewer.title()}")
    says(chat, "olga", "!score", "You have 5 points here")
    says(chat, "olga", "!leaderboard show", "You are on leaderboards here again")
    says(chat, "olga", "!leaderboard show", "You are not hidden from leaderboards here")
    shows(chat, "ana", "!leaderboard week", "1. Olga")


@pytest.mark.parametrize("chat", EVERYWHERE, indirect=True)
def test_a_board_that_there_is_not_is_said(chat: Chat) -> None:
    shows(chat, "ana", "!leaderboard moon", "There is no leaderboard 'moon'. Say week or all")
    shows(chat, "ana", "!leaderboard week all", "Name one time and one platform")


@pytest.mark.parametrize("chat", ["twitch", "discord"], indirect=True)
def test_a_board_of_nobody_says_so_under_its_own_name(chat: Chat) -> None:
    says(chat, "olga", "!commands rename leaderboard penguins", "is called penguins here now")
    says(chat, "olga", "!settings set prefix ?", "prefix is ? now")
    shows(chat, "ana", "?penguins slack week", "this week yet. Those of all time: ?penguins all")
    shows(chat, "ana", "?penguins moon", "?penguins week")
    says(chat, "ana", "?penguins hide", "To be on them again: ?penguins show")
