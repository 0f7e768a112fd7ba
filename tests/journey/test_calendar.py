"""Events in a house that runs as for people, as each platform shows them."""

from __future__ import annotations

import re

import pytest

from tests.helpers.chatting import named, says
from tests.helpers.homes import greeted_on_slack, own_place
from tests.helpers.house import Chat, House
from tests.helpers.pressing import presses

PATIENCE, MOST_TRIES = 20.0, 10
EVERYWHERE = pytest.mark.parametrize("talk", ["discord", "slack", "twitch"], indirect=True)
OWN_TIME = {
    "discord": r"<t:\d+:f>",
    "slack": r"<!date\^\d+\^",
    "twitch": r"\w{3} \d+ \w{3} \d{4}, 20:00 \(UTC\)",
}
NUMBER = re.compile(r"#(\d+) Game night")


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


def planned(talk: Chat, line: str) -> str:
    """Its number: on Slack the community is everybody's."""
    talk.says("max", line)
    found = NUMBER.search(hears(talk, "Game night"))
    assert found
    return found[1]


@EVERYWHERE
def test_the_last_seat_goes_to_who_waits_and_everybody_reads_their_own_time(talk: Chat) -> None:
    number = planned(talk, '!event add tomorrow 20:00 "Game night" "" here 1')
    says(talk, "ana", f"!event yes {number}", "1 of 1 seats taken")
    says(talk, "olga", f"!event yes {number}", "You wait as number 1")
    talk.says("ana", "!event no " + number)
    called = talk.hears("a seat came free", within=PATIENCE)
    assert called
    assert "olga" in str(called["text"]).lower() or called["pings"]
    talk.says("ana", f"!event show {number}")
    assert re.search(OWN_TIME[talk.on], hears(talk, "1 of 1 seats taken"))


@EVERYWHERE
def test_who_comes_is_told_where_they_answered_that_it_is_moved_and_cancelled(talk: Chat) -> None:
    number = planned(talk, "!event add tomorrow 20:00 Game night")
    says(talk, "ana", f"!event yes {number}", f"You come to #{number}")
    says(talk, "max", f"!event move {number} tomorrow 21:00", "Changed.")
    assert talk.hears(f"#{number} Game night of", within=PATIENCE), talk._seen
    says(talk, "max", f"!event cancel {number}", "Cancelled:")
    called = talk.hears("is cancelled. See what is planned", within=PATIENCE)
    assert called, talk._seen
    assert talk.viewer in str(called["text"]).lower() or called["pings"]


@EVERYWHERE
def test_the_feed_is_read_at_its_address_and_at_no_other(talk: Chat) -> None:
    number = planned(talk, '!event add tomorrow 20:00 "Game night" "Bring fish, all; of you"')
    says(talk, "ana", f"!event yes {number}", f"You come to #{number}")
    path = feed_of(talk, "!event feed")

    status, mine = talk.house.ask("GET", f"{path}?mine=1")
    assert (status, mine.count("BEGIN:VEVENT")) == (200, 1)
    assert "DESCRIPTION:Bring fish\\, all\\; of you\r\n" in mine
    assert talk.house.ask("HEAD", path)[0] == 200
    assert talk.house.ask("POST", path, body=b"{}")[0] == 405
    wrong = path.replace("-", "-0" * 3, 1)
    assert talk.house.ask("GET", wrong)[0] == 404
    assert talk.house.ask("GET", f"{path}%0d%0aX-Evil:%201")[0] == 404

    renewed = feed_of(talk, "!event feed new")
    assert talk.house.ask("GET", path)[0] == 404
    assert talk.house.ask("GET", renewed)[0] == 200


def feed_of(talk: Chat, line: str) -> str:
    """Its path; said to Ana alone."""
    told = talk.asks("ana", line, "for your calendar", within=PATIENCE)
    assert told, talk._seen
    assert told["kind"] in {"ephemeral", "private"}
    found = re.search(r"/modules/calendar/feed/[\w.-]+", told["text"])
    assert found, told
    return found[0]


@EVERYWHERE
def test_what_is_wrong_is_said_with_what_to_type(talk: Chat) -> None:
    says(talk, "ana", "!event add", "Usage: !event add <when> <title>")
    says(talk, "ana", "!event add Game night", "When is it? Begin with that")
    says(talk, "ana", "!event yes 987654", "There is no event #987654")
    says(talk, "ana", "!event approve 1", "moderator")


@pytest.mark.parametrize("talk", ["discord", "slack"], indirect=True)
def test_who_comes_is_pressed(talk: Chat) -> None:
    number = planned(talk, "!event add tomorrow 20:00 Game night")
    presses(talk, "ana", "I come")
    hears(talk, f"You come to #{number}")


@pytest.mark.parametrize("talk", ["twitch"], indirect=True)
def test_what_a_viewer_suggests_waits_for_a_moderator(talk: Chat) -> None:
    says(talk, "ana", "!event add tomorrow 20:00 Game night", "waits for a moderator")
    says(talk, "max", "!event approve 1", "Approved: #1 Game night")
    hears(talk, "your event #1 Game night was approved by")


@pytest.mark.parametrize("talk", ["twitch"], indirect=True)
def test_what_people_with_the_label_plan_waits_for_nobody(talk: Chat) -> None:
    says(talk, "max", "!labels make event-autoapprove", "There is a label")
    says(talk, "ana", "!event list", "Nothing is planned")
    assert any(_is_labelled(talk) for _ in range(MOST_TRIES))
    says(talk, "ana", "!event add tomorrow 20:00 Game night", "You come? !event yes 1")


def _is_labelled(talk: Chat) -> bool:
    """Who just wrote for the first time is known a moment later."""
    talk.says("max", f"!labels add {named(talk)} event-autoapprove")
    return talk.hears("event-autoapprove", within=3) is not None


@pytest.mark.parametrize("talk", ["twitch"], indirect=True)
def test_it_is_talked_of_as_it_is_called_here(talk: Chat) -> None:
    says(talk, "olga", "!settings set prefix ?", "prefix is ? now")
    says(talk, "olga", "?command rename event party", "event is called party here now")
    asked = {
        "?party list": "Nothing is planned. Add something: ?party add <when> <title>",
        "?party add": "Usage: ?party add <when> <title>",
        "?party add Game night": "Example: ?party add tomorrow 20:00 Game night",
        "?party yes 7": "There is no event #7. See them: ?party list",
        "?party add tomorrow 20:00 Game night": "You come? ?party yes 1",
    }
    for line, answer in asked.items():
        says(talk, "olga", line, answer)
