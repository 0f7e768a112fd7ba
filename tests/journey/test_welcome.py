"""Newcomers in a house that runs as for people: welcomed once, where a community wants it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from tests.helpers.chatting import says, there
from tests.helpers.homes import a_home, greeted_on_slack, own_place
from tests.helpers.house import Chat, House, running

PATIENCE = 20.0
EVERYWHERE = pytest.mark.parametrize("talk", ["discord", "slack", "twitch"], indirect=True)
TWITCH = pytest.mark.parametrize("talk", ["twitch"], indirect=True)
DISCORD = pytest.mark.parametrize("talk", ["discord"], indirect=True)


@pytest.fixture(scope="module")
def slack_house() -> Iterator[House]:
    """One's own: the workspace of the common house is everybody's, and others are new there too."""
    with a_home() as home, running(home) as (house, _):
        yield house


@pytest.fixture
def talk(request: pytest.FixtureRequest) -> Chat:
    """A channel; parametrize with the platform."""
    on = request.param
    house: House = request.getfixturevalue("slack_house" if on == "slack" else "house")
    talk = house.chat(on=on, **own_place(on))
    if on == "slack":
        greeted_on_slack(house)
        return talk
    talk.says("olga", "hello everybody")
    assert talk.hears("!help", within=PATIENCE)
    return talk


def somebody_new() -> str:
    return f"nina{uuid.uuid4().int % 10**9}"


def silent_about(talk: Chat, words: str, *, seconds: float = 4) -> bool:
    return talk.hears(words, within=seconds) is None


@EVERYWHERE
def test_who_writes_for_the_first_time_is_welcomed_once(talk: Chat) -> None:
    talk.says("ana", "I was here before")
    says(talk, "max", "!welcome off", "is not welcomed any more")
    says(talk, "max", "!welcome", "Nobody is welcomed yet")
    says(talk, "max", "!welcome text Ahoy {user} @everyone!", "Kept. You would read:")
    says(talk, "max", "!welcome on", "From now on whoever writes for the first time")
    new = somebody_new()
    talk.says(new, "hello")
    said = talk.hears("Ahoy", within=PATIENCE)
    assert said
    assert new in said["text"].lower() or len(said["pings"]) == 1, said
    assert "everyone" not in str(said["pings"])
    for who in (new, "ana", "olga"):
        talk.says(who, "and how are you all?")
    assert silent_about(talk, "Ahoy")
    says(talk, "max", "!welcome", "Whoever writes for the first time is welcomed")
    says(talk, "max", "!welcome off", "is not welcomed any more")
    talk.says(somebody_new(), "hello")
    assert silent_about(talk, "Ahoy")


@EVERYWHERE
def test_what_is_wrong_is_said_with_what_to_type(talk: Chat) -> None:
    says(talk, "max", "!welcome text", "Usage: !welcome text <words>")
    says(talk, "max", "!welcome text Hello $(1)", "$(1) needs somebody who types")
    says(talk, "max", "!welcome everybody", "!welcome")
    says(talk, "olga", "!welcome in nowhere", "'nowhere' is no channel that I can read")
    says(talk, "olga", "!welcome join maybe", "'maybe' is neither on nor off")
    says(talk, "olga", "!welcome join", "Usage: !welcome join <on-or-off>")
    for line in ("!welcome on", "!welcome text Mine", "!welcome"):
        says(talk, "ana", line, "moderator")


@TWITCH
def test_it_is_talked_of_as_it_is_called_here(talk: Chat) -> None:
    says(talk, "olga", "!settings set prefix ?", "prefix is ? now")
    says(talk, "olga", "?command rename welcome greet", "welcome is called greet here now")
    says(talk, "olga", "?greet", "Switch it on: ?greet on")
    says(talk, "olga", "?greet text", "Usage: ?greet text <words>")
    says(talk, "olga", "?greet on", "Another text: ?greet text Welcome")
    new = somebody_new()
    talk.says(new, "hello")
    assert talk.hears(f"Welcome, {new}!", within=PATIENCE)


@DISCORD
def test_who_joins_or_writes_is_welcomed_in_the_channel_that_is_named(talk: Chat) -> None:
    lobby = own_place("discord")["channel"]
    other = there(talk, lobby)
    other.says("olga", "this is the lobby")
    says(talk, "max", f"!welcome in <#{lobby}>", "Newcomers are welcomed in")
    assert other.hears("Newcomers are welcomed here", within=PATIENCE)
    says(talk, "max", "!welcome on", "From now on")
    says(talk, "max", "!welcome join on", "From now on whoever joins")
    new = somebody_new()
    place = {"channel": talk.channel, "server": talk.server}
    told = talk.house.post(
        "/stand-ins/happens", {"as": new, "on": "discord", "type": "member_join", **place}
    )
    assert told["accepted"], told
    assert other.hears(f"Welcome, {new}", within=PATIENCE)
    talk.says(new, "hello, I came a moment ago")
    second = somebody_new()
    talk.says(second, "hello")
    assert other.hears(f"Welcome, {second}", within=PATIENCE)
    assert silent_about(other, f"Welcome, {new}", seconds=2)
    assert silent_about(talk, "Welcome,", seconds=2)


@DISCORD
def test_nothing_is_said_in_the_channel_of_another_server(talk: Chat) -> None:
    other = talk.house.chat(on="discord", **own_place("discord"))
    other.says("olga", "this is another server")
    says(talk, "max", f"!welcome in <#{other.channel}>", "type !welcome in here there")
    says(talk, "max", "!welcome on", "From now on")
    talk.says(somebody_new(), "hello")
    assert silent_about(other, "elcome", seconds=8)


@TWITCH
def test_a_line_that_a_rule_blocks_and_a_bot_are_not_welcomed(talk: Chat) -> None:
    word = somebody_new()
    says(talk, "olga", f"!rules add contains {word} block", "Added rule")
    says(talk, "max", "!welcome on", "From now on")
    new = somebody_new()
    talk.says(new, f"come and see {word}")
    talk.says("nightbot", "I am here")
    talk.says(new, "and now without it")
    assert silent_about(talk, "Welcome,", seconds=5)
    talk.says(word, "whose name is forbidden")
    assert silent_about(talk, word, seconds=4)
    third = somebody_new()
    talk.says(third, "hello")
    assert talk.hears(f"Welcome, {third}!", within=PATIENCE)
