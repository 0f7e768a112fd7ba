"""Custom commands that answer while the stream runs, while it does not, or for a game."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.helpers.aliases import Channel, open_channel
from tests.helpers.http_doors import says
from tests.helpers.router_doors import Doors
from waddlebot.domain.entities import EntityId, home_of
from waddlebot.stores.claims import Claims, Live
from waddlebot.stores.on_air import tell_streams
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions, editing

ON_DISCORD = EntityId("discord:channel:30/31")
Plays = Callable[..., list[str]]


@pytest.fixture
def channel(doors: Doors, database: Postgres, versions: Versions) -> Channel:
    """Of Twitch, and carried by a gateway, which has seen nothing on it yet."""
    opened = open_channel(doors, database, versions)
    with editing(database, versions) as edit:
        Places(edit).open(opened.place, login="penguins")
    Claims(database).populate("twitch", ["penguins"])
    return opened


@pytest.fixture
def plays(channel: Channel) -> Plays:
    """What a gateway does once a minute: no game is off air."""

    def play(game: str | None) -> list[str]:
        live = [] if game is None else [Live(channel="penguins", viewers=3, game=game)]
        news = Claims(channel.database).set_live("twitch", live)
        if news:
            tell_streams(channel.database, channel.versions, "twitch", news)
        return news

    return play


def version_of(channel: Channel) -> str:
    [row] = channel.database.write(
        "SELECT version FROM communities WHERE id = %(id)s", {"id": channel.community}
    )
    return str(row["version"])


def test_it_answers_while_live_alone(channel: Channel, plays: Plays) -> None:
    channel.says("!addcom hello Hi")
    said = channel.says("!custom when hello live")
    assert said == "!hello says (while live): Hi Undo: !custom when hello always"
    assert channel.says("!hello", "ana") == ""
    assert channel.says("!why", "ana") == "Nothing was said: !hello answers only while live."
    assert plays("Celeste") == ["penguins"]
    assert channel.says("!hello", "ana") == "Hi"
    assert plays(None) == ["penguins"]
    assert channel.says("!hello", "bo") == ""
    assert channel.says("!custom when hello offline").endswith(" Undo: !custom when hello live")
    assert channel.says("!hello", "bo") == "Hi"
    plays("Celeste")
    assert channel.says("!hello", "cy") == ""


def test_it_answers_while_a_game_is_played(channel: Channel, plays: Plays) -> None:
    said = channel.says('!addcom -when="game Assassin\'s Creed | Hollow Knight" map See the map')
    shown = "!map says (while Assassin's Creed or Hollow Knight is played): See the map"
    assert said == f"{shown} Undo: !custom delete map"
    plays("Celeste")
    assert channel.says("!map", "ana") == ""
    assert plays("hollow  KNIGHT") == ["penguins"]
    assert channel.says("!map", "ana") == "See the map"
    undone = channel.says("!delcom map").partition("Undo: ")[2]
    assert channel.says(undone) == said
    assert channel.says("!map", "bo") == "See the map"


def test_on_other_platforms_the_stream_of_the_community_counts(
    channel: Channel, plays: Plays
) -> None:
    with editing(channel.database, channel.versions) as edit:
        places = Places(edit)
        places.open(ON_DISCORD)
        places.move_home(home_of(ON_DISCORD), channel.community)
        places.greet(ON_DISCORD)
    channel.says("!addcom -when=live hello Hi")
    line = says("!hello", entity_id=ON_DISCORD, user_id="ana")
    assert not channel.doors.asks(line).texts
    plays("Celeste")
    line = says("!hello", entity_id=ON_DISCORD, user_id="bo")
    assert list(channel.doors.asks(line).texts) == ["Hi"]


def test_a_stream_touches_those_alone_who_ask_for_it(channel: Channel, plays: Plays) -> None:
    channel.says("!addcom -when=twitch hello Hi")
    before = version_of(channel)
    assert plays("Celeste") == ["penguins"]
    assert version_of(channel) == before, "nothing here answers by it"
    channel.says("!custom when hello live")
    before = version_of(channel)
    assert plays("Celeste") == [], "nothing is new"
    assert version_of(channel) == before
    assert plays("Hollow Knight") == ["penguins"]
    assert version_of(channel) != before


def test_where_nobody_asks_it_is_silent_and_says_what_is_missing(
    doors: Doors, database: Postgres, versions: Versions
) -> None:
    channel = open_channel(doors, database, versions, on="discord")
    channel.says("!addcom hello Hi")
    said = channel.says("!custom when hello live")
    assert said == (
        "!hello says (while live): Hi It is silent until who streams here connects their Twitch "
        "channel. Undo: !custom when hello always"
    )
    assert channel.says("!hello", "ana") == ""
    assert channel.says("!why", "ana") == (
        "Nothing was said: !hello answers only while live, and nobody asks Twitch about a channel "
        "of this community."
    )


@pytest.mark.parametrize(
    ("conditions", "said"),
    [
        ("live offline", "It answers while live, or while offline: say one of them, or neither."),
        ("offline game Celeste", "While offline nothing is played: say a game, or offline."),
        ("game", "A game is named as Twitch calls it, 100 characters at most: game "),
        ("game a | | b", "A game is named as Twitch calls it, 100 characters at most: game "),
        (f"game {' | '.join('abcdefghijk')}", "A command answers for 10 games at most."),
    ],
)
def test_what_cannot_be_meant_says_why(channel: Channel, conditions: str, said: str) -> None:
    channel.says("!addcom hello Hi")
    assert channel.says(f"!custom when hello {conditions}").startswith(said)
