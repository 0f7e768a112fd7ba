"""The same through the router's door, where Twitch's stand-in says who is who."""

from __future__ import annotations

import pytest

from local.stand_ins.people import PEOPLE
from tests.helpers.alerts import body
from tests.helpers.aliases import PLACES, Channel, open_channel, with_words
from tests.helpers.router_doors import Doors
from tests.helpers.stand_ins import Front
from tests.helpers.streamers import twitch
from waddlebot.domain.entities import EntityId
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions

__all__ = ["twitch"]  # a fixture

EVERYWHERE = pytest.mark.parametrize("channel", ["twitch", "discord", "slack"], indirect=True)
OLGA = f"Check out {PEOPLE['olga'].name}, last seen playing Just Chatting: https://twitch.tv/olga"
KIND = "Check out olga, a channel worth your time: https://twitch.tv/olga"


@pytest.fixture
def channel(  # noqa: PLR0917 - fixtures
    request: pytest.FixtureRequest,
    twitch: Front,  # noqa: ARG001 - who is asked
    doors: Doors,
    database: Postgres,
    versions: Versions,
    monkeypatch: pytest.MonkeyPatch,
) -> Channel:
    monkeypatch.setitem(PLACES, "twitch", EntityId("twitch:channel:1001"))
    return open_channel(doors, database, versions, on=getattr(request, "param", "twitch"))


@EVERYWHERE
def test_who_there_is_is_recommended_and_who_is_not_is_told(channel: Channel) -> None:
    assert channel.says("!so olga", username="Max") == OLGA
    both = channel.says("!so max nobodyhere")
    assert both.startswith(f"Check out {PEOPLE['max'].name}, last seen playing Just Chatting")
    assert "There is nobody called nobodyhere on Twitch" in both
    assert "There is nobody called nobodyhere" in channel.says("!shoutout nobodyhere")
    assert channel.says("!so").startswith("Usage: !shoutout <streamers>. Example: ")
    assert "is for moderators" in channel.says("!so olga", "ana")
    assert "by Max" in channel.says("!so history")


@EVERYWHERE
def test_a_friend_has_words_of_their_own(channel: Channel) -> None:
    assert "That is said of olga" in channel.says("!so text olga See {user} play {game}: {link}")
    said = f"See {PEOPLE['olga'].name} play Just Chatting: https://twitch.tv/olga"
    assert channel.says("!so olga") == said
    assert channel.says("!so list") == f"Friends: {PEOPLE['olga'].name} (once, own text)."


@EVERYWHERE
def test_with_another_prefix_and_name_it_says_so(channel: Channel) -> None:
    with_words(channel, "?", praise="!shoutout")
    assert channel.says("?praise olga") == OLGA
    assert "?praise list" in channel.says("?so add olga") + channel.says("?so add olga")
    assert "?praise @penguin_lagoon" in channel.says("?praise nobodyhere")


@EVERYWHERE
@pytest.mark.parametrize("how", ["429", "5xx", "drop"])
def test_while_twitch_is_down_there_is_a_kind_word(
    channel: Channel, twitch: Front, how: str
) -> None:
    twitch.breaks("twitch", how)
    assert channel.says("!so olga") == KIND
    assert channel.says("!so olga") == OLGA


def test_without_credentials_there_is_a_kind_word(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TWITCH_APP_TOKEN")
    assert channel.says("!so olga") == KIND
    assert "is on the list of friends" in channel.says("!so add olga")


@EVERYWHERE
def test_a_clip_is_found_and_where_twitch_is_silent_there_is_none(
    channel: Channel, twitch: Front
) -> None:
    twitch.breaks("twitch", "5xx")
    assert channel.says("!vso olga").startswith(f"{KIND} / I know no clip of olga")
    told = channel.told("!vso olga")
    assert told.texts == [OLGA]
    [shown] = [one for one in told.body["replies"] if one.get("media_type")]
    assert shown["media_url"].startswith("https://clips.twitch.tv/WaddlingPenguin")


def test_a_raid_is_answered_and_who_is_banned_is_not(channel: Channel) -> None:
    olga = PEOPLE["olga"].ids["twitch"]
    raid = body(channel, "raid", "Olga", user_id=olga, viewers=7)
    assert channel.doors.asks({**raid, "message_id": "raid-1"}).texts == []
    assert "Raids of 5 viewers" in channel.says("!so raid 5")
    assert channel.doors.asks({**raid, "message_id": "raid-2"}).texts == [OLGA]
    assert channel.doors.asks({**raid, "message_id": "raid-3"}).texts == []
    channel.doors.asks(body(channel, "ban", "Olga", user_id=olga))
    assert "blocked or banned here" in channel.says("!so olga")


def test_nobody_is_asked_about_a_line_that_names_nobody(channel: Channel) -> None:
    channel.says("!so list")
    channel.says("!so <@301>")
    channel.says("!so raid on")
    assert "ask-twitch" not in [one.function for one in channel.doors.functions.seen]
