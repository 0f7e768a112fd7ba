"""Texts of custom commands that say what Twitch says of the channel, on its good and bad days."""

from __future__ import annotations

import re

import pytest

from tests.helpers.aliases import PLACES, Channel, open_channel
from tests.helpers.router_doors import Doors
from tests.helpers.stand_ins import Front
from tests.helpers.streamers import connects, streamers, twitch
from waddlebot.domain.entities import EntityId
from waddlebot.platforms.twitch.connecting import READING_SCOPES
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions

__all__ = ["streamers", "twitch"]  # fixtures
READING = tuple(READING_SCOPES)
ALL = "$(title) · $(game) · $(uptime) · $(channel.viewers) · $(channel.followers)"


@pytest.fixture
def channel(  # noqa: PLR0917 - fixtures
    request: pytest.FixtureRequest,
    twitch: Front,  # noqa: ARG001 - what is asked
    doors: Doors,
    database: Postgres,
    versions: Versions,
    monkeypatch: pytest.MonkeyPatch,
) -> Channel:
    monkeypatch.setitem(PLACES, "twitch", EntityId("twitch:channel:1001"))
    return open_channel(doors, database, versions, on=getattr(request, "param", "twitch"))


def test_a_text_says_what_runs_on_the_channel(channel: Channel, twitch: Front) -> None:
    channel.says(f"!addcom live {ALL}")
    assert channel.says("!live", "ana") == "Waddling · Just Chatting · not live · not live · 1200"
    channel.says('!addcom about $(twitch $(channel) "{{game}} on {{url}}, {{nothing}}.")')
    said = channel.says("!about", "ana")
    assert re.fullmatch(r"Just Chatting on https://twitch\.tv/\w+, \.", said), said
    asked = [one for one in channel.doors.functions.seen if one.function == "ask-twitch"]
    assert len(asked) == 2
    assert twitch is not None


@pytest.mark.parametrize("channel", ["twitch", "discord"], indirect=True)
def test_a_text_says_what_runs_on_another_channel(channel: Channel, twitch: Front) -> None:
    _, users, _ = twitch.helix("GET", "/users?id=1001")
    [user] = users["data"]
    channel.says('!addcom shout $(twitch $(touser) "{{displayName}} played {{game}}: {{url}}")')
    said = channel.says(f"!shout @{user['display_name']}", "ana")
    address = f"https://twitch.tv/{user['login']}"
    assert said == f"{user['display_name']} played Just Chatting: {address}"
    nobody = "(no Twitch channel is called so)"
    assert channel.says("!shout nobodyhere", "bo") == nobody
    assert channel.says("!shout ../users?x", "cy") == nobody
    channel.says(f"!addcom look $(twitch {user['login']} {{{{game}}}})")
    assert channel.says("!look", "ana") == "Just Chatting"


@pytest.mark.parametrize("channel", ["discord", "slack"], indirect=True)
def test_elsewhere_it_says_where_it_is_known(channel: Channel) -> None:
    channel.says("!addcom live It runs for $(uptime)")
    assert channel.says("!live", "ana") == "It runs for (only in Twitch's chat)"


def test_without_credentials_a_kind_word(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TWITCH_APP_TOKEN")
    channel.says("!addcom live $(game)")
    assert channel.says("!live", "ana") == "(Twitch is not connected)"


def test_a_token_that_ended_is_no_answer(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWITCH_APP_TOKEN", "ended")
    channel.says("!addcom live $(game), $(1|friend)")
    assert channel.says("!live", "ana") == "(Twitch does not say it for now), friend"


@pytest.mark.parametrize("how", ["429", "5xx", "drop"])
def test_an_outage_is_said_in_its_place(channel: Channel, twitch: Front, how: str) -> None:
    channel.says("!addcom live $(count) · $(game)")
    twitch.breaks("twitch", how)
    assert channel.says("!live", "ana") == "1 · (Twitch does not say it for now)"
    assert channel.says("!live", "ana") == "2 · Just Chatting"


def test_what_is_on_air_says_since_when_and_how_many_watch(channel: Channel, twitch: Front) -> None:
    told = {"as": "olga", "on": "twitch", "type": "stream_online", "viewers": 12}
    status, said, _ = twitch.call("POST", "/happens", told)
    assert status == 200, said
    channel.says("!addcom live $(uptime), $(channel.viewers) watch")
    said = channel.says("!live", "ana")
    assert re.fullmatch(r"\d+ days? .*, 12 watch", said), said


def test_emotes_are_for_everybody_to_know(channel: Channel) -> None:
    channel.says("!addcom emotes $(twitchemotes)")
    assert channel.says("!emotes", "ana") == "pondWave pondHug"


def test_who_follows_and_subscribes_is_said_where_the_streamer_allows_it(
    streamers: Channel,
) -> None:
    streamers.says("!addcom fans $(followage) · $(channel.subs) · $(channel.subpoints)")
    refused = streamers.says("!fans", "42")
    assert "connects the channel again and ticks that followers are read" in refused
    assert "ticks that subscribers are counted" in refused
    connects(streamers, *READING)
    said = streamers.says("!fans", "42")
    assert re.fullmatch(r"[\d,]+ days .* · 50 · 60", said), said
    assert streamers.says("!fans", "43") == "not following · 50 · 60"


def test_what_the_streamer_did_not_tick_is_not_read(streamers: Channel) -> None:
    connects(streamers, "channel:read:subscriptions")
    streamers.says("!addcom fans $(channel.subs), $(followage)")
    said = streamers.says("!fans", "42")
    assert said.startswith("50, (who streams here connects the channel again"), said
