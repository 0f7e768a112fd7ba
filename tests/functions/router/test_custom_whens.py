"""Where and when a custom command answers, and what says why it is silent."""

from __future__ import annotations

import pytest

from tests.helpers.aliases import PLACES, Channel, open_channel
from tests.helpers.http_doors import says
from tests.helpers.router_doors import Doors
from waddlebot.domain.entities import EntityId
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions, editing

NEXT_DOOR = EntityId("discord:channel:30/32")


@pytest.fixture
def channel(doors: Doors, database: Postgres, versions: Versions) -> Channel:
    return open_channel(doors, database, versions, on="discord")


def says_next_door(channel: Channel, line: str, who: str = "ana") -> str:
    """In another channel of the same server."""
    with editing(channel.database, channel.versions) as edit:
        Places(edit).open(NEXT_DOOR)
        Places(edit).greet(NEXT_DOOR)
    told = channel.doors.asks(says(line, entity_id=NEXT_DOOR, user_id=who))
    assert told.status == 200, told.body
    return " / ".join(told.texts)


def test_it_answers_on_its_platform_alone(channel: Channel) -> None:
    said = channel.says("!addcom -when=twitch,slack hello Hi")
    assert said == "!hello says (on Twitch or Slack): Hi Undo: !custom delete hello"
    assert channel.says("!hello", "ana") == ""
    assert channel.says("!why", "ana") == (
        "Nothing was said: !hello answers on Twitch or Slack alone."
    )
    assert channel.says("!custom explain hello").endswith(
        " Here and now it is silent: it answers on Twitch or Slack alone."
    )
    undone = channel.says("!custom when hello discord twitch").partition("Undo: ")[2]
    assert channel.says("!hello", "ana") == "Hi"
    assert "silent" not in channel.says("!custom explain hello")
    assert channel.says(undone).startswith("!hello says (on Twitch or Slack): Hi")
    assert channel.says("!hello", "bo") == ""
    assert channel.says("!custom when hello always").startswith("!hello says: Hi")
    assert channel.says("!hello", "bo") == "Hi"


def test_it_answers_in_its_places_alone(channel: Channel) -> None:
    channel.says("!addcom -cd=30 kind Be kind")
    said = channel.says("!custom when kind here")
    shown = "!kind says (in a channel on Discord, rests 30 s): Be kind"
    assert said == f"{shown} Undo: !custom when kind always"
    assert channel.says("!custom show kind", "ana") == shown
    assert says_next_door(channel, "!kind") == ""
    assert says_next_door(channel, "!why") == "Nothing was said: !kind answers in other places."
    assert channel.says("!kind", "ana") == "Be kind"
    undone = channel.says("!delcom kind").partition("Undo: ")[2]
    assert undone == f'!custom add -cd=30 -when="{PLACES["discord"]}" kind Be kind'
    assert channel.says(undone).startswith(shown)


def test_what_leads_to_a_silent_one_is_silent(channel: Channel) -> None:
    channel.says("!addcom -when=twitch hello Hi")
    channel.says("!addcom always Always")
    channel.says("!alias add hey = !hello && !always")
    assert channel.says("!hey", "ana") == ""


def test_it_is_for_whom_it_is_where_it_answers(channel: Channel) -> None:
    """Who may not use it is told so there alone, and nobody pays for a silent one."""
    channel.says("!addcom -ul=mod -when=twitch hello Hi")
    assert channel.says("!hello", "ana") == ""
    channel.says("!addcom -cd=1h -when=twitch slow Slowly")
    assert channel.says("!slow", "ana") == ""
    channel.says("!custom when slow discord")
    assert channel.says("!slow", "ana") == "Slowly"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("!custom when hello", "Say where and when it answers: twitch, discord, slack, here"),
        ("!custom when hello usual", "I do not understand 'usual'. There are: twitch, "),
        ("!custom when hello myspace", "myspace is no place of this community."),
        ("!custom when hello discord:server:30", "discord:server:30 is "),
        ("!custom when nothere twitch", "There is no custom command 'nothere'."),
    ],
)
def test_what_cannot_be_meant_says_why(channel: Channel, line: str, said: str) -> None:
    channel.says("!addcom hello Hi")
    assert channel.says(line).startswith(said)
    assert channel.says("!custom show hello") == "!hello says: Hi"


@pytest.mark.parametrize(
    "quoted", ['"twitch discord"', "“twitch discord”", "„twitch discord“", "«twitch discord»"]
)
def test_quotes_of_every_keyboard_hold_conditions_together(channel: Channel, quoted: str) -> None:
    """Telephones put curly ones in place of straight ones."""
    about = "(on Twitch or Discord, category fun)"
    said = channel.says(f"!addcom -when={quoted} -cat=“fun” hello Hi")
    assert said.startswith(f"!hello says {about}: Hi")
    said = channel.says(f"!editcom hello -when={quoted} Hello “you”")
    assert said.startswith(f"!hello says {about}: Hello “you”")
