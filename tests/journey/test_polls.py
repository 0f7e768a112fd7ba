"""Polls in a house that runs as for people, as each platform shows them."""

from __future__ import annotations

import re

import pytest

from tests.helpers.chatting import a_thread, says, says_privately, there, within
from tests.helpers.homes import greeted_on_slack, own_place
from tests.helpers.house import Chat, House
from tests.helpers.overlay_addresses import lets, paths_in
from tests.helpers.pressing import presses

PATIENCE = 20.0
EVERYWHERE = pytest.mark.parametrize("talk", ["discord", "slack", "twitch"], indirect=True)
NUMBER = re.compile(r"Poll #(\d+)")


@pytest.fixture
def talk(request: pytest.FixtureRequest, house: House) -> Chat:
    """A channel of the real house; parametrize with the platform."""
    talk = house.chat(on=request.param, **own_place(request.param))
    if request.param == "slack":
        greeted_on_slack(house)
        return talk
    talk.says("olga", "hello everybody")
    assert talk.hears("!help", within=20)
    return talk


def hears(talk: Chat, words: str) -> str:
    heard = talk.hears(words, within=PATIENCE)
    assert heard, (words, talk._seen)
    return str(heard["text"])


def opened(talk: Chat, line: str, words: str) -> str:
    """Its number: on Slack the community is everybody's."""
    talk.says("max", line)
    found = NUMBER.search(hears(talk, words))
    assert found
    return found[1]


@EVERYWHERE
def test_a_poll_from_its_question_to_its_result_which_is_said_once(talk: Chat) -> None:
    number = opened(talk, '!poll "What do we play?" Celeste | Hades for 20s', "2 Hades")
    says(talk, "ana", "!vote 1", f"You vote for Celeste in poll #{number}")
    says(talk, "olga", "!vote hades", f"You vote for Hades in poll #{number}")
    says(talk, "ana", "!vote 2", "now, not for Celeste")
    assert "wins with 2 of 2 votes" in hears(talk, f"Poll #{number} is over")
    says(talk, "ana", f"!poll {number}", "Hades wins with 2 of 2 votes. Celeste 0")
    says(talk, "ana", "!vote 1", "No poll is open")
    assert talk.hears(f"Poll #{number} is over", within=3) is None


@EVERYWHERE
def test_it_is_closed_and_told_in_each_place_where_it_was_opened(talk: Chat) -> None:
    place = own_place(talk.on)["channel"]
    if talk.on == "twitch":  # a channel there is a community of its own
        place = talk.channel
    number = opened(talk, '!poll "Which?" cake | fish secret', "It is secret")
    other = there(talk, place)
    if place != talk.channel:
        says(other, "max", f"!poll here {number}", f"Poll #{number} is open here too")
    says(talk, "ana", f"!vote #{number} fish", f"Your vote in poll #{number} counts")
    says(talk, "max", "!poll close", "fish wins with 1 of 1 vote. cake 0")
    if place != talk.channel:
        assert "fish wins" in hears(other, f"Poll #{number} is over")
    assert talk.hears("is over", within=3) is None


@pytest.mark.parametrize("talk", ["discord"], indirect=True)
def test_in_a_thread_it_ends_in_the_thread(talk: Chat) -> None:
    thread = a_thread()
    inside = within(talk, thread)
    talk.says("max", '!poll "Which?" cake | fish for 20s', thread=thread)
    hears(inside, "2 fish")
    talk.says("ana", "!vote fish", thread=thread)
    hears(inside, "You vote for fish")
    assert "fish wins" in hears(inside, "is over")
    assert talk.hears("is over", within=2) is None


@EVERYWHERE
def test_what_is_wrong_is_said_with_what_to_type(talk: Chat) -> None:
    says(talk, "ana", '!poll "What?" a | b', "Only moderators open a poll")
    says(talk, "max", '!poll "What?" a', "two options at least")
    says(talk, "ana", "!vote", "Usage: !vote <choice>")
    says(talk, "ana", "!vote #987654 1", "There is no poll #987654")
    says(talk, "ana", "!poll close 1", "moderator")


@EVERYWHERE
def test_what_people_call_it_calls_nobody_and_marks_up_nothing(talk: Chat) -> None:
    talk.says("max", '!poll "Which `one`?" @everyone | *b* | <!channel>')
    shown = talk.hears("everyone", within=PATIENCE)
    assert shown
    assert not shown["pings"], shown
    says(talk, "ana", "!vote 2", "You vote for")
    says(talk, "max", "!poll cancel", "Nothing of it counts")


@pytest.mark.parametrize("talk", ["discord", "slack"], indirect=True)
def test_a_vote_is_pressed_and_answered_to_whoever_pressed(talk: Chat) -> None:
    number = opened(talk, '!poll "What do we play?" Celeste | Hades', "2 Hades")
    presses(talk, "ana", "2 Hades")
    told = talk.hears(f"You vote for Hades in poll #{number}", within=PATIENCE)
    assert told
    assert told["kind"] == "ephemeral", told
    says(talk, "max", f"!poll close {number}", "Hades wins with 1 of 1 vote")
    presses(talk, "ana", "1 Celeste")
    hears(talk, f"Poll #{number} is over")


@pytest.mark.parametrize("talk", ["twitch"], indirect=True)
def test_many_long_options_are_said_whole(talk: Chat) -> None:
    options = [f"option {letter} {'w' * 50}" for letter in "abcdefghij"]
    talk.says("max", f'!poll "{"Which " * 19}?" {" | ".join(options)}')
    hears(talk, options[0])
    assert any(options[-1] in one["text"] for one in talk._seen) or talk.hears(
        options[-1], within=5
    )


@pytest.mark.parametrize("talk", ["twitch"], indirect=True)
def test_it_is_talked_of_as_it_is_called_here(talk: Chat) -> None:
    says(talk, "olga", "!settings set prefix ?", "prefix is ? now")
    says(talk, "olga", "?command rename poll ask", "poll is called ask here now")
    says(talk, "olga", "?command rename vote choose", "vote is called choose here now")
    asked = {
        "?ask": "Open one: ?ask",
        '?ask "What?" a | b': "Vote: ?choose 1. It is open until ?ask close",
        "?choose 1": "You vote for a in poll #1",
        "?choose c": "Vote: ?choose 1",
        "?ask close": "Poll #1 is over: What? a wins",
    }
    for line, answer in asked.items():
        says(talk, "olga", line, answer)


@pytest.mark.parametrize("talk", ["twitch", "discord"], indirect=True)
def test_the_overlay_shows_it_while_votes_come_in(talk: Chat) -> None:
    lets(talk)
    [path] = paths_in(says_privately(talk, "!overlay general", "In OBS: "))
    opened(talk, '!poll "What?" a | b', "2 b")
    says(talk, "ana", "!vote 2", "You vote for b")
    says(talk, "olga", "!vote 2", "You vote for b")
    says(talk, "max", "!poll close", "b wins with 2 of 2")
    pushes = talk.house.get(f"{path}/state?after=0")["pushes"]
    shown = [one for one in pushes if "poll" in one]
    assert shown, pushes
    assert [one["votes"] for one in shown[-1]["options"]] == [0, 2]
