"""How custom commands are listed: with their category, and with the aliases that lead to them."""

from __future__ import annotations

import pytest

from tests.helpers.aliases import Channel, open_channel
from tests.helpers.router_doors import Doors
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions


@pytest.fixture
def channel(doors: Doors, database: Postgres, versions: Versions) -> Channel:
    return open_channel(doors, database, versions, on="discord")


def test_it_is_listed_with_its_category(channel: Channel) -> None:
    channel.says("!addcom -cat=Fun hello Hi")
    channel.says("!addcom rules2 Be kind")
    said = channel.says("!custom category rules2 help")
    assert said == "!rules2 says (category help): Be kind Undo: !custom category rules2 none"
    assert channel.says("!custom in fun", "ana") == "!hello says (category fun): Hi."
    nothing = "No custom command for you is in 'games'. There are: fun, help."
    assert channel.says("!custom in games", "ana") == nothing
    undone = channel.says("!delcom hello").partition("Undo: ")[2]
    assert undone == "!custom add -cat=fun hello Hi"
    channel.says(undone)
    channel.says("!custom category hello none")
    assert channel.says("!custom in fun", "bo").endswith("There are: help.")


def test_what_is_for_moderators_is_in_no_list_of_viewers(channel: Channel) -> None:
    channel.says("!addcom -cat=staff -ul=mod secret The door is open")
    said = channel.says("!custom in staff", "ana")
    assert said == (
        "No custom command for you is in 'staff'. A moderator makes one: !custom category hello fun"
    )


def test_a_category_is_one_word(channel: Channel) -> None:
    channel.says("!addcom hello Hi")
    said = channel.says("!custom category hello <b>")
    assert said.startswith("A category is one word of at most 50 letters, digits, emoji and ")


def test_aliases_that_lead_to_it_are_told(channel: Channel) -> None:
    channel.says("!addcom hello Hi")
    channel.says("!alias add hey = !hello")
    channel.says("!alias add both = !hello && !quote")
    channel.says("!alias add greeting = Good morning")
    shown = "!hello says (also !hey): Hi"
    assert channel.says("!custom show hello", "ana") == shown
    assert channel.says("!custom list", "bo") == f"{shown}."
    channel.says("!editcom hello Hi!")
    assert channel.says("!custom list", "bo") == "!hello says (also !hey): Hi!"
    for name in "abcdef":
        channel.says(f"!alias add {name} = !hello")
    said = channel.says("!custom show hello", "cy")
    assert said == "!hello says (also !a, !b, !c, !d, !e and 2 more): Hi!"


def test_help_says_no_ids_of_places(channel: Channel) -> None:
    channel.says("!addcom -when=here kind Be kind")
    assert channel.says("!help kind", "ana") == "!kind says (in some channels): Be kind"


def test_why_names_what_was_typed(channel: Channel) -> None:
    channel.says("!addcom -ul=mod staff For you")
    channel.says("!staff", "ana")
    why = channel.says("!why", "ana")
    assert "!staff" in why
    assert "custom run" not in why
