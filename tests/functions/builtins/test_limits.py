"""Limits as moderators type them."""

from __future__ import annotations

import pytest

from tests.functions.builtins.chatroom import Chatroom
from waddlebot_sdk.roles import Role


class TestLimits:
    def test_are_set_listed_told_by_help_and_cleared(self, room: Chatroom) -> None:
        assert room.types("!limits list", Role.MODERATOR).startswith("No limits are set.")
        answer = room.types("!limits set !quote 3 in 2m", Role.MODERATOR)
        assert answer == "Set: !quote: 3 in 2 min. Undo: !limits clear !quote"
        room.types("!limits set quote none for moderators", Role.MODERATOR)
        room.types("!limits set all 1 in 30s together here", Role.MODERATOR)
        assert room.types("!limits list", Role.MODERATOR) == (
            "all commands: once in 30 s, everybody together, in this place only; "
            "!quote: 3 in 2 min; !quote: no limit, for moderators."
        )
        assert room.types("!help quote").endswith("For everybody. 3 in 2 min. Once in 30 s.")
        assert room.types("!help quote", Role.ADMIN).endswith("For everybody. Once in 30 s.")
        cleared = room.types("!limits clear !quote", Role.MODERATOR)
        assert cleared.startswith("Cleared: !quote: ")
        assert [limit.command for limit in room.limits()] == [""]

    def test_setting_one_again_replaces_it(self, room: Chatroom) -> None:
        for calls in (3, 4):
            room.types(f"!limits set !quote {calls} in 1m", Role.MODERATOR)
        assert [limit.calls for limit in room.limits()] == [4]

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ("!limits set !quote", "Usage: !limits set"),
            ("!limits set !nothing 3 in 1m", "no command '!nothing'"),
            ("!limits set !quote often", "cannot read that limit"),
            ("!limits set !quote 3 in a while", "'a' is no time"),
            ("!limits set !quote 0 in 1m", "at least 1"),
            ("!limits set !quote 3 in 25h", "at most 24h"),
            ("!limits set !quote 3 in 1m sometimes", "cannot read 'sometimes'"),
            ("!limits set !crown 3 in 1m", "!crown is for owners only"),
            ('!limits set "!limits list" 3 in 1m', "!limits list always works"),
            ("!limits clear !quote", "No limit is set for !quote"),
        ],
    )
    def test_what_cannot_be_done_is_said_in_words(
        self, room: Chatroom, typed: str, sentence: str
    ) -> None:
        assert sentence in room.types(typed, Role.MODERATOR)
        assert room.limits() == []
