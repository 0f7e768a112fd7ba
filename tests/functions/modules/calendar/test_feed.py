"""Events as programs for calendars read them, at an address that only its person knows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar
from recurring_ical_events import of

from functions.modules.calendar import feeding
from functions.modules.calendar.feeding import read
from functions.modules.calendar.gatherings import Gatherings
from functions.modules.calendar.module import MODULE
from functions.modules.calendar.personal_data import erase
from waddlebot_sdk import CommunityInfo, WebAnswer, WebRequest
from waddlebot_sdk.dialogue import Dialogue

Chat = Dialogue[Gatherings]
BERLIN = CommunityInfo(id=1, name="Penguins", time_zone="Europe/Berlin")


@pytest.fixture
def chat(gatherings: Gatherings) -> Chat:
    """Now, as whoever reads a feed does so now."""
    return Dialogue(MODULE, gatherings, community=BERLIN, now=datetime.now(UTC))


def address(chat: Chat, name: str, more: str = "") -> str:
    """What it ends with: in a dialogue nobody knows where the house stands."""
    chat.says(name, f"!event feed{more}")
    return chat.heard()[-1].partition("/feed/")[2].partition(" ")[0]


def asked(gatherings: Gatherings, token: str, **query: str) -> WebAnswer:
    request = WebRequest(
        method="GET",
        path={"token": token},
        query=query,
        headers={},
        body=b"",
        deadline=datetime.now(UTC),
    )
    return read(request, gatherings)


def events(answer: WebAnswer) -> list[Any]:
    assert answer.content_type == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(answer.text).walk("VEVENT"))


def planned(chat: Chat, *lines: str) -> None:
    for line in lines:
        chat.says("Max", line, role="moderator")
        if " every " in line:
            chat.clicks("Max", "Keep it", role="moderator")
    chat.heard()


def test_what_is_planned_is_read_at_a_signed_address(chat: Chat, gatherings: Gatherings) -> None:
    planned(chat, '!event add friday 20:00 "Game; night" "Bring, fish" Discord')
    token = address(chat, "Ana")
    assert address(chat, "Ana") == token

    (event,) = events(asked(gatherings, token))
    said = [str(event[name]) for name in ("summary", "description", "location", "status")]
    assert said == ["Game; night", "Bring, fish", "Discord", "CONFIRMED"]
    uid = str(event["uid"])

    planned(chat, "!event move 1 saturday 21:00", "!event cancel 1")
    (again,) = events(asked(gatherings, token))
    assert (str(again["uid"]), str(again["status"])) == (uid, "CANCELLED")
    assert again["sequence"] > event["sequence"]


def test_what_comes_back_is_read_by_others_as_we_say_it(chat: Chat, gatherings: Gatherings) -> None:
    planned(chat, "!event add every friday 20:00 60 times Game night")
    found = gatherings.find(1, 1, now=chat.now)
    assert found is not None
    assert found.series is not None
    cancelled, moved = (one.original for one in found.series.coming(chat.now, 2))
    to = moved + timedelta(days=1)
    planned(
        chat,
        f"!event cancel 1 {cancelled:%Y-%m-%d}",
        f"!event move 1 {moved:%Y-%m-%d} to {to:%Y-%m-%d} 21:00",
    )
    answer = asked(gatherings, address(chat, "Ana"))
    assert "BEGIN:VTIMEZONE" in answer.text
    assert "TZID:Europe/Berlin" in answer.text

    kept = gatherings.find(1, 1, now=chat.now)
    assert kept is not None
    assert kept.series is not None
    read_by_others = of(Calendar.from_ical(answer.text))
    theirs = read_by_others.between(chat.now, chat.now + timedelta(days=900))
    ours = [one.at for one in kept.series.coming(chat.now, 500)]
    assert sorted(one["DTSTART"].dt.astimezone(UTC) for one in theirs) == ours
    assert len(ours) == 59


def test_own_ones_are_those_that_somebody_comes_to(chat: Chat, gatherings: Gatherings) -> None:
    planned(chat, "!event add friday 20:00 Game night", "!event add friday 21:00 Film")
    chat.says("Ana", "!event yes 2")
    chat.says("Ana", "!event no 1")

    mine = events(asked(gatherings, address(chat, "Ana"), mine="1"))

    assert [str(one["summary"]) for one in mine] == ["Film"]


def test_what_waits_for_a_moderator_and_what_others_plan_is_not_read(
    chat: Chat, gatherings: Gatherings
) -> None:
    chat.says("Ana", "!event add friday 20:00 Game night")
    theirs = Dialogue(
        MODULE, gatherings, community=CommunityInfo(id=2, name="Other"), now=chat.now, seed="other"
    )
    planned(theirs, "!event add friday 20:00 Theirs")

    assert events(asked(gatherings, address(chat, "Ana"))) == []


def test_what_is_furthest_ahead_is_read_where_there_is_too_much(
    chat: Chat, gatherings: Gatherings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full feed was an error, and what goes on for years was the first to be left out."""
    planned(chat, "!event add every friday 20:00 Always")
    for number in range(6):
        planned(chat, f'!event add "in {number + 2} days" "Night {number}" "{"🐟" * 300}"')
    planned(chat, "!event cancel 7")
    monkeypatch.setattr(feeding, "MOST_BYTES", 6_000)
    few = events(asked(gatherings, address(chat, "Ana")))
    assert [str(one["summary"]) for one in few] == ["Always", "Night 4", "Night 3", "Night 2"]

    chat.says("Ana", "!event yes 2")
    (mine,) = events(asked(gatherings, address(chat, "Ana"), mine="1"))
    assert str(mine["summary"]) == "Night 0"


def test_it_is_an_hour_long_and_read_again_within_an_hour(
    chat: Chat, gatherings: Gatherings
) -> None:
    """What has no end is a line that nobody sees; others look again once a day."""
    planned(chat, "!event add friday 20:00 Film", "!event add every friday 20:00 Game night")
    answer = asked(gatherings, address(chat, "Ana"))

    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in answer.text
    assert "X-PUBLISHED-TTL:PT1H\r\n" in answer.text
    assert [one["duration"].dt for one in events(answer)] == [timedelta(hours=1)] * 2


@pytest.mark.parametrize("broken", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x85", "\\n", ";", "="])
def test_no_title_begins_a_line_of_the_feed(
    chat: Chat, gatherings: Gatherings, broken: str
) -> None:
    hostile = f"Game{broken}END:VEVENT{broken}BEGIN:VEVENT{broken}SUMMARY:Free nitro"
    planned(chat, f'!event add friday 20:00 "{hostile}" "{hostile}" "{hostile}"')

    answer = asked(gatherings, address(chat, "Ana"))

    (event,) = events(answer)
    assert str(event["summary"]).startswith("Game")
    lines = [one for one in answer.text.splitlines() if not one.startswith(" ")]
    assert [one for one in lines if one.startswith(("SUMMARY", "END:VEVENT"))] == [
        lines[[one.startswith("SUMMARY") for one in lines].index(True)],
        "END:VEVENT",
    ]


def test_an_address_that_nobody_was_given_is_none(chat: Chat, gatherings: Gatherings) -> None:
    token = address(chat, "Ana")
    renewed = address(chat, "Ana", " new")
    number = token.partition("-")[0]

    for wrong in (token, f"{number}-{'0' * 40}.ics", "1", "", "x" * 999, f"{number}-"):
        assert asked(gatherings, wrong).status == 404
    assert asked(gatherings, renewed).status == 200
    erase(1, "twitch", "ana", gatherings)
    assert asked(gatherings, renewed).status == 404


def test_the_address_is_for_its_person_alone(chat: Chat) -> None:
    chat.says("Ana", "!event feed")
    chat.says("Ana", "!event feed please")

    given, refused = chat.answers
    assert getattr(given, "secret", False)
    assert chat.heard()[1] == (
        "!event feed says your address again, !event feed new gives you another one."
    )
    assert getattr(refused, "private", False)
