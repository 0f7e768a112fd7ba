"""What every bot says of the stream: `!uptime`, `!title`, `!game`, `!followage`."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from functions.builtins.stream_texts import say_following
from tests.helpers.aliases import OLGA, PLACES, Channel, open_channel, with_words
from tests.helpers.router_doors import Doors
from tests.helpers.stand_ins import Front
from tests.helpers.streamers import connects, streamers, twitch
from waddlebot.domain.custom_facts import FollowingFacts, StreamFacts
from waddlebot.domain.entities import EntityId
from waddlebot.domain.giving_way import TOGETHER_A_MINUTE
from waddlebot.domain.public_addresses import NOWHERE
from waddlebot.platforms.twitch.connecting import FOLLOWERS
from waddlebot.stores.identities import Identities, Identity
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions, editing

__all__ = ["streamers", "twitch"]  # fixtures
POND = EntityId("twitch:channel:1001")
NOT_NOW = "Twitch does not answer just now. Try again in a minute."
ELSEWHERE = pytest.mark.parametrize("channel", ["discord", "slack"], indirect=True)
EVERYWHERE = pytest.mark.parametrize("channel", ["twitch", "discord", "slack"], indirect=True)


@pytest.fixture
def channel(  # noqa: PLR0917 - fixtures
    request: pytest.FixtureRequest,
    twitch: Front,  # noqa: ARG001 - what is asked
    doors: Doors,
    database: Postgres,
    versions: Versions,
    monkeypatch: pytest.MonkeyPatch,
) -> Channel:
    """Of Twitch; or a place elsewhere, of a community to which that channel belongs."""
    monkeypatch.setitem(PLACES, "twitch", POND)
    on = getattr(request, "param", "twitch")
    opened = open_channel(doors, database, versions, on=on)
    if on != "twitch":
        has_channel(opened, POND)
    return opened


def has_channel(channel: Channel, place: EntityId) -> None:
    channel.database.write(
        """
        INSERT INTO entities (entity_id, platform, community_id)
        VALUES (%(place)s, 'twitch', %(community)s)
        """,
        {"place": place, "community": channel.community},
    )


def goes_live(front: Front) -> None:
    told = {"as": "olga", "on": "twitch", "type": "stream_online", "viewers": 12}
    status, said, _ = front.call("POST", "/happens", told)
    assert status == 200, said


def channel_of(front: Front, login: str) -> str:
    _, users, _ = front.helix("GET", f"/users?login={login}")
    return str(users["data"][0]["id"])


@EVERYWHERE
def test_it_says_what_runs_on_the_channel(channel: Channel) -> None:
    assert re.fullmatch(r"\w+ is not live\.", channel.says("!uptime", "ana"))
    assert re.fullmatch(r"Title of \w+: Waddling", channel.says("!title", "ana"))
    assert re.fullmatch(r"Game of \w+: Just Chatting", channel.says("!game", "ana"))


@EVERYWHERE
def test_words_that_nothing_is_done_with_are_told_how_it_is_typed(channel: Channel) -> None:
    assert channel.says("!uptime now", "ana") == "Usage: !uptime. Example: !uptime"
    assert channel.says("!followage ../users?x", "ana").startswith("Name somebody by the name")


def test_what_is_on_air_says_since_when(channel: Channel, twitch: Front) -> None:
    goes_live(twitch)
    said = channel.says("!uptime", "ana")
    assert re.fullmatch(r"\w+ has been live for \d+ days? .*\.", said), said


def test_all_channels_of_a_community_are_told_elsewhere(
    twitch: Front, doors: Doors, database: Postgres, versions: Versions
) -> None:
    there = open_channel(doors, database, versions, on="discord")
    assert "belongs to this community yet" in there.says("!uptime", "ana")
    assert "!community invite" in there.says("!game", "ana")
    goes_live(twitch)
    has_channel(there, POND)
    has_channel(there, EntityId(f"twitch:channel:{channel_of(twitch, 'olga')}"))
    said = there.says("!uptime", "bo")
    assert re.fullmatch(r"\w+ has been live for .*\. Olga is not live\.", said), said


@EVERYWHERE
@pytest.mark.parametrize("how", ["429", "5xx", "drop"])
def test_an_outage_is_said(channel: Channel, twitch: Front, how: str) -> None:
    for line in ("!uptime", "!title", "!game", "!followage pip"):
        twitch.breaks("twitch", how)
        assert channel.says(line, "ana") == NOT_NOW
    assert "Just Chatting" in channel.says("!game", "ana")


@EVERYWHERE
def test_without_credentials_it_says_what_to_do(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TWITCH_APP_TOKEN")
    for line in ("!uptime", "!followage pip"):
        said = channel.says(line, "ana")
        assert said.startswith("I am not connected to Twitch"), said
        assert "waddlebot connect twitch" in said


def test_a_token_that_ended_is_no_silence(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWITCH_APP_TOKEN", "ended")
    assert channel.says("!uptime", "ana") == NOT_NOW


def test_twitch_is_asked_once_for_many(channel: Channel, twitch: Front) -> None:
    channel.says("!title", "ana")
    twitch.breaks("twitch", "5xx")
    assert channel.says("!uptime", "bo").endswith(" is not live.")
    assert channel.says("!game", "cy").endswith(": Just Chatting")


def test_a_place_asks_so_often_whoever_asks(channel: Channel) -> None:
    people = [f"bo{number}" for number in range(TOGETHER_A_MINUTE)]
    assert {channel.says("!title", who)[:5] for who in people} == {"Title"}
    assert channel.says("!title", "cy").startswith("!title needs a rest. Try again in ")
    assert "Just Chatting" in channel.says("!game", "cy")


class TestFollowage:
    def test_it_says_since_when_where_the_streamer_allows_it(
        self,
        streamers: Channel,
    ) -> None:
        refused = streamers.says("!followage", "42")
        assert refused.startswith("Twitch tells me who follows once the streamer allows it")
        assert "/connect/twitch" in refused
        connects(streamers, FOLLOWERS)
        said = streamers.says("!followage", "42")
        assert re.fullmatch(r".+ has followed Olga for \d+ years? .*, since 2020-01-01\.", said)
        assert streamers.says("!followage", "43").endswith(" does not follow Olga.")

    def test_it_says_it_of_somebody_else(
        self,
        streamers: Channel,
        twitch: Front,
    ) -> None:
        connects(streamers, FOLLOWERS)
        is_even = int(channel_of(twitch, "ana")) % 2 == 0
        expected = "has followed Olga for" if is_even else "does not follow Olga."
        for typed in ("ana", "@Ana", "@ana please"):
            assert expected in streamers.says(f"!followage {typed}", "42")
        unknown = streamers.says("!followage nobodyhere", "42")
        assert unknown.startswith("Nobody on Twitch is called so.")
        assert "nobody follows themselves" in streamers.says("!followage olga", "42")

    @ELSEWHERE
    def test_elsewhere_it_knows_whose_account_is_linked(
        self, channel: Channel, streamers: Channel
    ) -> None:
        said = channel.says("!followage", "ana")
        assert "!identity link twitch" in said, said
        connects(streamers, FOLLOWERS)
        with editing(channel.database, channel.versions) as edit:
            edit.connection.execute("DELETE FROM entities WHERE entity_id = %s", (POND,))
            edit.connection.execute(
                "UPDATE entities SET community_id = %s WHERE entity_id = %s",
                (channel.community, streamers.place),
            )
            me = Identity(platform=channel.place.partition(":")[0], user_id="ana", name="Ana")
            Identities(edit).link(me, Identity(platform="twitch", user_id="42", name="ana"))
        assert " has followed Olga for " in channel.says("!followage", "ana")
        assert "nobody follows themselves" in channel.says("!followage @Olga", "bo")
        assert "Nobody on Twitch is called so" in channel.says("!followage nobodyhere", "bo")
        assert "the name that they have on Twitch" in channel.says("!followage <@3000>", "bo")

    @pytest.mark.parametrize(
        ("since", "now", "long"),
        [
            ((2020, 1, 31), (2020, 3, 1), "1 month 1 day"),
            ((2020, 2, 29), (2021, 2, 28), "11 months 28 days"),
            ((2020, 2, 29), (2026, 2, 28), "5 years 11 months 28 days"),
            ((2026, 1, 1), (2026, 1, 2), "1 day"),
            ((2026, 1, 2), (2026, 1, 2, 3), "3 hours"),
            ((2024, 5, 5), (2026, 5, 5), "2 years"),
            ((2024, 5, 5, 12), (2026, 5, 5, 11), "1 year 11 months 30 days"),
        ],
    )
    def test_it_counts_as_calendars_do(
        self, since: tuple[int, ...], now: tuple[int, ...], long: str
    ) -> None:
        at, today = (datetime(*one, tzinfo=UTC) for one in (since, now))  # type: ignore[misc]
        told = StreamFacts(name="Olga", login="olga", following=FollowingFacts(since=at))
        said = say_following("Pip", told, today, NOWHERE)
        assert said == f"Pip has followed Olga for {long}, since {at:%Y-%m-%d}."


class TestChanging:
    @EVERYWHERE
    def test_only_moderators_change_it(self, channel: Channel) -> None:
        for line in ("!title Mine", "!game Chess"):
            assert channel.says(line, "ana").startswith("Title and game are changed by moderators")

    @ELSEWHERE
    def test_it_is_changed_on_twitch_alone(self, channel: Channel) -> None:
        for line in ("!title Mine", "!game Chess"):
            assert "own chat on Twitch" in channel.says(line)

    def test_what_twitch_would_not_take_is_told_before(self, channel: Channel) -> None:
        assert channel.says(f"!title {'x' * 140}") == ""  # it is said once it is done
        assert channel.says(f"!title {'x' * 141}").startswith("Twitch takes 140 characters")


class TestAmongTheCommandsOfACommunity:
    @EVERYWHERE
    def test_what_a_community_made_itself_is_answered(self, channel: Channel) -> None:
        said = channel.says("!addcom uptime Since the ice melted")
        assert said.startswith("!uptime says: Since the ice melted"), said
        assert channel.says("!uptime", "ana") == "Since the ice melted"
        assert "Since the ice melted" in channel.says("!help uptime", "ana")
        assert "Waddling" in channel.says("!title", "ana")
        channel.says("!custom off uptime")
        assert channel.says("!uptime", "bo").endswith(" is not live.")
        channel.says("!custom on uptime")
        assert channel.says("!uptime", "bo") == "Since the ice melted"
        channel.says("!delcom uptime")
        assert channel.says("!uptime", "cy").endswith(" is not live.")

    def test_so_is_an_alias(self, channel: Channel) -> None:
        channel.says("!alias add title = Hello, $1!")
        assert channel.says("!title Pip", "ana") == "Hello, Pip!"
        channel.says("!alias remove title")
        assert "Waddling" in channel.says("!title", "ana")

    def test_its_role_and_its_rest_are_its_own(self, channel: Channel) -> None:
        channel.says("!addcom -ul=mod game Chess")
        assert "is for moderators only" in channel.says("!game", "ana")
        assert channel.says("!game") == "Chess"

    def test_lists_name_each_once(self, channel: Channel) -> None:
        channel.says("!addcom uptime Since the ice melted")
        told = channel.says("!help stream", "ana")
        assert "!title" in told
        assert "!uptime" not in told
        assert "!uptime" in channel.says("!help here", "ana")
        assert channel.says("!uptmie", "bo") == "Did you mean !uptime?"

    def test_a_rule_and_an_alias_run_it(self, channel: Channel) -> None:
        channel.says("!addcom uptime Since the ice melted")
        channel.says("!alias add up = !uptime")
        assert channel.says("!up", "ana") == "Since the ice melted"
        channel.says('!rules add contains "how long" command !uptime')
        assert channel.says("say how long please", "bo") == "Since the ice melted"

    @EVERYWHERE
    def test_it_has_the_prefix_and_the_name_that_the_community_gave_it(
        self, channel: Channel
    ) -> None:
        with_words(channel, "?", since="!uptime")
        assert channel.says("?since", "ana").endswith(" is not live.")
        assert channel.says("?since now", "ana") == "Usage: ?since. Example: ?since"
        assert "Waddling" in channel.says("?title", "ana")
        assert channel.says("!title", "ana") == ""
        assert channel.says("?followage !", "ana").endswith("?followage penguin_lagoon")

    @EVERYWHERE
    def test_an_admin_says_who_may_and_where_it_is_off(self, channel: Channel) -> None:
        channel.says("!commands need uptime moderator", OLGA)
        assert "is for moderators only" in channel.says("!uptime", "ana")
        channel.says("!commands off title", OLGA)
        assert channel.says("!title", "ana") == ""  # as if it were another bot's
        assert "Just Chatting" in channel.says("!game", "ana")
