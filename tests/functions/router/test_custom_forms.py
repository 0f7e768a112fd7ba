"""Custom commands that reckon and decide, typed in chat."""

from __future__ import annotations

import pytest

from tests.helpers.aliases import Channel


@pytest.mark.parametrize("channel", ["twitch", "discord", "slack"], indirect=True)
def test_a_command_reckons_and_decides(channel: Channel) -> None:
    channel.says("!addcom double $(1) twice is $(math 2 * $(1))")
    assert channel.says("!double 1.5", "ana") == "1.5 twice is 3"
    assert channel.says("!double 1+1", "ana") == "1+1 twice is ('1+1' is no number)"
    channel.says("!addcom duel $(if $(1) == win then $(count wins) won else $(count losses) lost)")
    assert channel.says("!duel win", "ana") == "1 won"
    assert channel.says("!duel win", "bo") == "2 won"
    assert channel.says("!duel", "ana") == "1 lost"
    assert channel.says("!duel win == win then", "cy") == "3 won"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("!addcom sum $(math 1 +)", "In $(math …) a number is missing at its end."),
        ("!addcom sum $(if $(1) == yes)", "In $(if …) 'then' is missing."),
        (
            "!addcom sum $(eval 1 + 1)",
            "$(eval …) runs a program, which no text here does. Write $(",
        ),
    ],
)
def test_what_is_none_says_what_to_write(channel: Channel, line: str, said: str) -> None:
    assert channel.says(line).startswith(said)
