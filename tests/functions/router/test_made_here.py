"""Who asks what there is to type hears of what their community made itself, and of no more."""

from __future__ import annotations

import pytest

from tests.helpers.aliases import OLGA, Channel, open_channel
from tests.helpers.router_doors import Doors
from waddlebot.decisions.asking import Asker
from waddlebot.decisions.parts.custom.deeds import set_custom
from waddlebot.domain.custom_commands import CustomCommand
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions, editing
from waddlebot_sdk.roles import Role


@pytest.fixture
def channel(
    request: pytest.FixtureRequest, doors: Doors, database: Postgres, versions: Versions
) -> Channel:
    return open_channel(doors, database, versions, on=getattr(request, "param", "twitch"))


def makes(channel: Channel) -> None:
    for line in (
        "addcom wave Hi $(user)!",
        "addcom -ul=mod hush Be quiet.",
        "addcom -when=slack tea Tea is ready.",
        "addcom gone Gone.",
        "custom off gone",
        "alias add hug = Hello, $1!",
        "alias add greet = !wave",
        "alias add hushed = !hush",
        "alias add bans = !rules list",
    ):
        channel.says(f"!{line}")


def named_here(told: str) -> str:
    """Of the row of what was made here."""
    rows = told.replace(" · ", "\n").splitlines()
    [row] = [row for row in rows if row.startswith("here: ")]
    return row.rpartition(": ")[2]


@pytest.mark.parametrize("channel", ["twitch", "discord"], indirect=True)
def test_commands_and_help_name_what_this_person_may_type_here(channel: Channel) -> None:
    makes(channel)
    assert named_here(channel.says("!commands", "ana")) == "!greet !hug !wave"
    assert named_here(channel.says("!commands")) == "!bans !greet !hug !hush !hushed !wave"
    told = channel.says("!help", "bo")
    assert named_here(told).startswith("!greet")
    assert not {"!hush", "!tea", "!gone", "!bans"} & set(told.split())


def test_help_says_what_is_behind_the_word_that_names_them(channel: Channel) -> None:
    assert channel.says("!help here", "ana").startswith("There is no 'here' here.")
    makes(channel)
    assert channel.says("!help here", "bo") == (
        "here: What this community says itself !greet, !hug, !wave"
    )
    channel.says("!addcom here You are here.")
    assert channel.says("!help here", "cy") == "!here says: You are here."


@pytest.mark.parametrize("channel", ["twitch"], indirect=True)
def test_many_fit_into_messages(channel: Channel) -> None:
    """As many as a community may have, with names as long as they may be."""
    with editing(channel.database, channel.versions) as edit:
        for number in range(300):
            name = f"c{number}".ljust(50, "x")
            asker = Asker.with_key("house", channel.community, Role.OWNER)
            set_custom(edit, asker, CustomCommand(name=name, text="Hi"))
    assert "+" in channel.says("!help", "ana")
    seen = set[str]()
    for page in range(1, 100):
        told = channel.told(f"!commands {page}", f"viewer{page}").texts
        assert all(len(one) <= 500 for one in told), told
        seen |= {word for one in told for word in one.split() if word.startswith("!c")}
        if "goes on" not in " ".join(told):
            break
    assert len([one for one in seen if one.endswith("x")]) == 300


def test_nobody_is_told_a_name_that_is_not_for_them(channel: Channel) -> None:
    makes(channel)
    assert channel.says("!wavee", "bo") == "Did you mean !wave?"
    assert "Did you mean !hush?" in channel.says("!help hushh")
    assert "!hush?" not in channel.says("!help hushh", "ana")
    channel.says("!command off custom", OLGA)
    assert "!wave?" not in channel.says("!help wavee", "cy")


@pytest.mark.parametrize("channel", ["slack"], indirect=True)
def test_slack_may_name_an_emoji_where_it_asks_for_help(channel: Channel) -> None:
    channel.says("!addcom :penguin: Waddle on!")
    channel.says("!alias add :wave: = Hello!")
    assert channel.says("!:penguin:", "ana") == "Waddle on!"
    assert channel.says("!help :penguin:", "ana") == "!🐧 says: Waddle on!"
    assert channel.says("!help !:wave:", "ana") == "!👋 stands for Hello!"
