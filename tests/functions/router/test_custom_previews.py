"""What a custom command would say, before anybody types it."""

from __future__ import annotations

import pytest

from tests.helpers.aliases import Channel


@pytest.mark.parametrize("channel", ["twitch", "discord", "slack"], indirect=True)
def test_it_is_tried_as_somebody_made_up_and_nothing_counts(channel: Channel) -> None:
    channel.says("!addcom deaths $(user) hugs $(touser), death $(count), $(points) points")
    hugs = "Robin: !deaths @Max → Robin hugs Max, death 1, 120 points"
    assert channel.says("!custom try deaths @Max") == hugs
    assert channel.says("!custom try !deaths @Max") == hugs
    assert channel.says("!deaths @Max", "ana", username="Ana").startswith("Ana hugs Max, death 1,")
    assert "death 2," in channel.says("!custom try deaths")
    assert channel.says("!deaths", "ana", username="Ana").startswith("Ana hugs Ana, death 2,")


def test_each_step_is_explained(channel: Channel) -> None:
    channel.says("!addcom duel $(if $(1|0) >= 2 then $(count wins) won else $(math 1 / $(2)) lost)")
    assert channel.says("!custom explain duel 3") == (
        "!duel, typed by Robin: $(1|0) → 3; $(count wins) → 1; "
        "$(if $(1|0) >= 2 then $(count wins) won else $(math 1 / $(2)… → 1 won. Said: 1 won"
    )
    assert "$(2) → 0; $(math 1 / $(2)) → (nothing can be divided by zero); " in channel.says(
        "!custom explain duel 1 0"
    )
    assert channel.says("!duel 2", "ana") == "1 won"
    channel.says("!addcom plain Hello")
    assert channel.says("!custom explain plain") == (
        "!plain has no variables: it says what is written."
    )


def test_what_is_off_or_for_others_is_tried_by_moderators_alone(channel: Channel) -> None:
    channel.says("!addcom hello Hi $(1)")
    channel.says("!custom off hello")
    assert channel.says("!custom try hello there") == "Robin: !hello there → Hi there"
    assert channel.says("!custom try hello $(count)") == "Robin: !hello $(count) → Hi $(count)"
    for command in ("try", "explain"):
        assert "is for moderators only" in channel.says(f"!custom {command} hello", "ana")
        assert channel.says(f"!custom {command} nothere") == (
            "There is no custom command 'nothere'. See !custom list."
        )


@pytest.mark.parametrize("channel", ["discord", "slack"], indirect=True)
def test_the_answer_is_for_who_asks_alone(channel: Channel) -> None:
    channel.says("!addcom hello Hi")
    [answer] = channel.told("!custom try hello").body["replies"]
    assert answer["private"] is True
