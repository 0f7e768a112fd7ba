"""Rules that answer with what a community made itself."""

from __future__ import annotations

import pytest

from tests.helpers.aliases import OLGA, Channel, open_channel
from tests.helpers.router_doors import Doors
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions


@pytest.fixture
def channel(
    request: pytest.FixtureRequest, doors: Doors, database: Postgres, versions: Versions
) -> Channel:
    return open_channel(doors, database, versions, on=getattr(request, "param", "twitch"))


@pytest.mark.parametrize("channel", ["twitch", "discord", "slack"], indirect=True)
def test_a_rule_says_a_custom_command(channel: Channel) -> None:
    channel.says("!addcom price It costs $(1|nothing), $(user).")
    channel.says("!addcom -cd=60 once Once.")
    added = channel.says('!rules add contains "how much" command !price 5 $')
    assert added.startswith("Added"), added
    assert channel.says("so how much is it", "ana", username="Ana") == "It costs 5, Ana."
    assert channel.says('!rules add word "again" command "!custom run once"').startswith("Added")
    assert channel.says("again", "ana") == "Once."
    assert channel.says("again", "bo") == ""  # it rests


def test_a_rule_follows_what_it_runs(channel: Channel) -> None:
    channel.says("!addcom price It costs nothing.")
    channel.says("!alias add hello = Hello, {user}!")
    channel.says("!rules add contains much command !price")
    channel.says("!rules add contains hey command !hello")
    channel.says("!custom rename price cost")
    channel.says("!alias rename hello hi")
    assert channel.says("how much", "ana") == "It costs nothing."
    assert channel.says("hey", "ana", username="Ana") == "Hello, Ana!"
    channel.says("!custom off cost")
    assert channel.says("how much", "bo") == ""
    channel.says("!addcom silent $(if $(1) then Hi)")
    channel.says("!rules add contains psst command !silent")
    assert channel.says("psst", "di") == ""
    channel.says("!delcom cost")
    assert channel.says("how much", "cy") == ""


def test_nobody_makes_a_rule_say_what_is_not_for_them(channel: Channel) -> None:
    channel.says("!addcom -ul=admin secret Psst.", OLGA)
    channel.says("!alias add both = !quote && !stats")
    refused = channel.says("!rules add contains psst command !secret")
    assert refused == "!secret is for admins only."
    refused = channel.says("!rules add contains both command !both")
    assert refused == "!both stands for !quote && !stats: name one command itself."
    assert "no command '!nothing'" in channel.says("!rules add word hi command !nothing")
    channel.says("!rules add contains psst command !secret", OLGA)
    assert channel.says("psst", "ana") == "Psst."
