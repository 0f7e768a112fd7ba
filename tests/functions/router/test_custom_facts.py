"""Texts of custom commands that say what the house is asked for: each kind in one trip."""

from __future__ import annotations

import pytest

from tests.helpers.aliases import Channel
from waddlebot.domain.entities import platform_of
from waddlebot.stores.versions import editing


@pytest.mark.parametrize("channel", ["twitch", "discord", "slack"], indirect=True)
def test_points_and_rank_are_those_of_who_types(channel: Channel) -> None:
    """Each line that is answered earns a point, behind its answer."""
    channel.says("!addcom rank $(user.points) points, place $(rank)")
    assert channel.says("!rank", "ana", username="Ana") == "0 points, place 2/2"
    with editing(channel.database, channel.versions) as edit:
        edit.connection.execute(
            """
            INSERT INTO reputation (community_id, platform, user_id, name, points, events)
            VALUES (%(community)s, %(platform)s, 'bo', 'Bo', 5000, 1)
            """,
            {"community": channel.community, "platform": platform_of(channel.place)},
        )
    assert channel.says("!rank", "bo") == "5000 points, place 1/3"
    assert channel.says("!rank", "cy") == "0 points, place 4/4"


def test_a_counter_and_points_in_one_text(channel: Channel) -> None:
    channel.says("!addcom both $(count) uses, $(points) points, $(countdown 2000-01-01)")
    assert channel.says("!both", "ana") == "1 uses, 0 points, 0 seconds"
