"""What comes back: typed, seen before it is kept, one date of it moved or cancelled."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from functions.modules.calendar import saying_rules
from functions.modules.calendar.every import take_when
from functions.modules.calendar.gatherings import Gatherings
from functions.modules.calendar.module import MODULE
from functions.modules.calendar.recurrence import Series
from tests.functions.modules.calendar.letting_time_pass import let_time_pass
from waddlebot.stores.postgres import Connection
from waddlebot_sdk import CommunityInfo, NotUnderstood
from waddlebot_sdk.dialogue import Dialogue
from waddlebot_sdk.shown import show_time

Chat = Dialogue[Gatherings]
NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


def at(text: str) -> str:
    return show_time(datetime.fromisoformat(f"2026-{text}+00:00"))


def kept(chat: Chat, line: str) -> None:
    chat.says("Max", line, role="moderator")
    chat.clicks("Max", "Keep it", role="moderator")
    chat.heard()


def test_what_comes_back_is_seen_before_it_is_kept(chat: Chat) -> None:
    chat.says("Max", "!event add every other friday 20:00 Game night", role="moderator")
    chat.says("Ana", "!event list")
    dates = ("01-09", "01-23", "02-06", "02-20", "03-06")
    seen = ", ".join(at(f"{day}T20:00") for day in dates)
    assert chat.heard() == [
        f"Game night, every 2 weeks on Friday at 20:00: {seen} and so on. Shall I keep it?",
        "Nothing is planned. Add something: !event add <when> <title>",
    ]

    chat.clicks("Ana", "Keep it")
    chat.clicks("Max", "Keep it", role="moderator")
    chat.clicks("Max", "Keep it", role="moderator")
    chat.says("Ana", "!event list")
    rule = "every 2 weeks on Friday at 20:00"
    assert chat.heard() == [
        "That is for whoever asked for it.",
        f"#1 Game night, {rule}, next {at('01-09T20:00')}. You come? !event yes 1",
        "#1 waits for no answer any more. See what is planned: !event list",
        f"Coming: #1 Game night {at('01-09T20:00')} ({rule})",
    ]


def test_what_nobody_wants_is_dropped(chat: Chat) -> None:
    chat.says("Max", "!event add every day 20:00 Game night", role="moderator")
    chat.clicks("Max", "Drop it", role="moderator")
    chat.says("Max", "!event show 1", role="moderator")

    assert chat.heard()[1:] == [
        "Dropped: Game night.",
        "There is no event #1. See them: !event list",
    ]


def test_what_a_viewer_suggests_still_waits_for_a_moderator(chat: Chat) -> None:
    chat.says("Ana", "!event add every day 20:00 Game night")
    chat.clicks("Ana", "Keep it")
    chat.clicks("Max", "Approve", role="moderator")

    assert [one.partition(":")[0] for one in chat.heard()[2:]] == ["Approved"]


def test_one_date_is_cancelled_and_one_is_moved(chat: Chat, connection: Connection) -> None:
    kept(chat, "!event add every friday 20:00 Game night")

    chat.says("Max", "!event cancel 1 friday", role="moderator")
    chat.says("Max", "!event move 1 16 jan to 17 jan 21:00", role="moderator")
    chat.says("Ana", "!event list")
    rule = "(every Friday at 20:00)"
    assert chat.heard() == [
        f"Cancelled: #1 Game night on {at('01-09T20:00')}, that one date.",
        f"Moved: #1 Game night from {at('01-16T20:00')} to {at('01-17T21:00')}, that one date.",
        f"Coming: #1 Game night {at('01-17T21:00')} {rule}",
    ]
    let_time_pass(chat, connection, days=13)
    chat.heard()
    chat.says("Ana", "!event list")
    assert chat.heard() == [f"Coming: #1 Game night {at('01-23T20:00')} {rule}"]


def test_with_its_last_date_all_of_it_is_cancelled(chat: Chat, connection: Connection) -> None:
    """It stood in the list at its first date, and reminded of that."""
    kept(chat, "!event add every friday 20:00 2 times Game night")

    chat.says("Max", "!event cancel 1 9 jan", role="moderator")
    chat.says("Max", "!event cancel 1 16 jan", role="moderator")
    chat.says("Ana", "!event list")
    let_time_pass(chat, connection, days=20)

    assert [one.partition(":")[0] for one in chat.heard()] == [
        "Cancelled",
        "Cancelled",
        "Nothing is planned. Add something",
    ]


def test_a_date_that_was_moved_ahead_is_over_when_it_was(
    chat: Chat, connection: Connection
) -> None:
    """It stood in the list again, at the time that the rule gave it, and reminded of that."""
    kept(chat, "!event add every friday 20:00 once Game night".replace("once", "1 times"))
    chat.says("Max", "!event move 1 9 jan to 8 jan 20:00", role="moderator")
    chat.heard()

    let_time_pass(chat, connection, days=3, hours=10)
    assert chat.heard()[-1].startswith("⏰ Now: #1 Game night")
    chat.says("Ana", "!event list")
    let_time_pass(chat, connection, days=5)

    assert chat.heard() == ["Nothing is planned. Add something: !event add <when> <title>"]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("!event move 1 saturday 20:00", "say which date, such as !event move 1 friday to"),
        ("!event edit 1 when saturday 20:00", "say which date"),
        ("!event cancel 1 saturday", "#1 Game night is not on"),
        ("!event cancel 1 soon", "say which date"),
    ],
)
def test_a_date_that_is_none_is_said(chat: Chat, line: str, answer: str) -> None:
    kept(chat, "!event add every friday 20:00 Game night")

    chat.says("Max", line, role="moderator")

    assert answer in chat.heard()[0]


def test_what_comes_once_is_moved_as_a_whole(chat: Chat) -> None:
    chat.says("Max", "!event add friday 20:00 Film", role="moderator")
    chat.says("Max", "!event move 1 saturday 21:00", role="moderator")
    chat.says("Max", "!event cancel 1 saturday", role="moderator")

    _, moved, refused = chat.heard()
    assert moved == f"Changed. #1 Film, {at('01-10T21:00')}."
    assert refused == f"#1 Film, {at('01-10T21:00')}, comes once. All of it: !event cancel 1"


def test_a_series_that_is_over_is_listed_no_more(chat: Chat, connection: Connection) -> None:
    kept(chat, "!event add every day 20:00 2 times Game night")
    let_time_pass(chat, connection, days=3)
    chat.heard()

    chat.says("Ana", "!event list")
    chat.says("Ana", "!event yes 1")

    listed, answered = chat.heard()
    assert listed.startswith("Nothing is planned.")
    assert answered == f"#1 Game night has begun already, {at('01-06T20:00')}."


def test_an_evening_stays_where_it_is_when_clocks_change(gatherings: Gatherings) -> None:
    """Discord's own events are an hour off then."""
    berlin = CommunityInfo(id=1, name="Berlin", time_zone="Europe/Berlin")
    now = datetime(2026, 3, 20, 12, tzinfo=UTC)
    chat = Dialogue(MODULE, gatherings, community=berlin, now=now)

    chat.says("Max", "!event add every friday 20:00 3 times Game night", role="moderator")

    shown = ", ".join(map(at, ("03-20T19:00", "03-27T19:00", "04-03T18:00")))
    assert shown in chat.heard()[0]


@pytest.mark.parametrize(
    ("typed", "said", "first"),
    [
        ("every day at 20:00", "every day at 20:00", "01-05T20:00"),
        ("daily 20:00", "every day at 20:00", "01-05T20:00"),
        ("every 3 days 20:00", "every 3 days at 20:00", "01-05T20:00"),
        ("every weekday 9:30", "every weekday at 09:30", "01-06T09:30"),
        ("weekly friday 20:00", "every Friday at 20:00", "01-09T20:00"),
        ("every mon and thu 20:00", "every Monday and Thursday at 20:00", "01-05T20:00"),
        (
            "every monday, wednesday and friday at 8pm",
            "every Monday, Wednesday and Friday at 20:00",
            "01-05T20:00",
        ),
        ("every week on tuesday 20:00", "every Tuesday at 20:00", "01-06T20:00"),
        ("every other tuesday 20:00", "every 2 weeks on Tuesday at 20:00", "01-06T20:00"),
        ("every 2 weeks on tuesday 20:00", "every 2 weeks on Tuesday at 20:00", "01-06T20:00"),
        ("every 2nd tuesday 20:00", "every month on the 2nd Tuesday at 20:00", "01-13T20:00"),
        (
            "every last friday of the month 20:00",
            "every month on the last Friday at 20:00",
            "01-30T20:00",
        ),
        ("every 5th friday 20:00", "every month on the 5th Friday at 20:00", "01-30T20:00"),
        ("every 15th 20:00", "every month on the 15th at 20:00", "01-15T20:00"),
        ("every month on the 31st 20:00", "every month on the 31st at 20:00", "01-31T20:00"),
        (
            "every month on the last day 20:00",
            "every month on the last day at 20:00",
            "01-31T20:00",
        ),
        ("every year on 24 dec 18:00", "every year on 24 December at 18:00", "12-24T18:00"),
        ("yearly 24 dec 18:00", "every year on 24 December at 18:00", "12-24T18:00"),
        ("every friday 20:00 10 times", "every Friday at 20:00, 10 times", "01-09T20:00"),
        (
            "every friday 20:00 until 6 feb",
            "every Friday at 20:00 until 6 Feb 2026",
            "01-09T20:00",
        ),
    ],
)
def test_how_it_comes_back_is_read_as_people_say_it(typed: str, said: str, first: str) -> None:
    found = take_when(f"{typed} Game night", now=NOW, zone="UTC")

    assert found is not None
    assert found.series is not None
    assert (found.rest, saying_rules.say(found.series)) == ("Game night", said)
    assert show_time(found.at) == at(first)


@pytest.mark.parametrize(
    "typed",
    [
        "every friday Game night",
        "every 100 days 20:00 Game night",
        "every 32nd 20:00 Game night",
        "every 31st of april 20:00 Game night",
        "every friday 20:00 0 times Game night",
        "every friday 20:00 until 2026-01-06 Game night",
        "every friday 25:00 Game night",
        *(
            "every friday 20:00 3 times until 24 dec Game",
            "every friday 20:00 until 6 feb 3 times G",
        ),
        *("every weekend 20:00 Game", "every mon-fri 9:00 Game", "biweekly friday 20:00 Game"),
        *("fridays 20:00 Game", "every 6th friday 20:00 Game", "every 2nd and 4th friday 20:00 G"),
        # A second to say each five hundred years; none of it is ever reached.
        "every day 20:00 until 8999-01-01 Game night",
    ],
)
def test_what_never_comes_or_lacks_its_time_is_refused(typed: str) -> None:
    with pytest.raises(NotUnderstood):
        take_when(typed, now=NOW, zone="UTC")


def test_a_leap_day_comes_back_each_leap_year() -> None:
    found = take_when("every year on 29 feb 20:00 Leap", now=NOW, zone="UTC")

    assert found is not None
    assert found.series is not None
    years = [one.at.year for one in found.series.coming(NOW, 3)]
    assert (found.rest, years) == ("Leap", [2028, 2032, 2036])


def test_words_of_a_title_end_nothing() -> None:
    found = take_when("every friday 20:00 Dance until dawn", now=NOW, zone="UTC")

    assert found is not None
    assert found.rest == "Dance until dawn"
    found = take_when("every friday 20:00 3 times until dawn", now=NOW, zone="UTC")
    assert found is not None
    assert found.rest == "until dawn"


@pytest.mark.parametrize(
    ("zone", "first", "times"),
    [
        # Spring leaves 02:30 out: it is as late after it as it would have been.
        ("Europe/Berlin", "2026-03-22T02:30", ["03-22T01:30", "03-29T01:30", "04-05T00:30"]),
        # Autumn has 02:30 twice: the first is meant.
        ("Europe/Berlin", "2026-10-18T02:30", ["10-18T00:30", "10-25T00:30", "11-01T01:30"]),
        ("America/New_York", "2026-03-01T20:00", ["03-02T01:00", "03-09T00:00", "03-16T00:00"]),
        # Half an hour.
        ("Australia/Lord_Howe", "2026-03-29T12:00", ["03-29T01:00", "04-05T01:30", "04-12T01:30"]),
    ],
)
def test_clocks_that_change(zone: str, first: str, times: list[str]) -> None:
    series = Series(rule="FREQ=WEEKLY", first=datetime.fromisoformat(first), zone=zone)

    coming = series.coming(datetime(2026, 1, 1, tzinfo=UTC), 3)

    assert [f"{one.at:%m-%dT%H:%M}" for one in coming] == times


@pytest.mark.parametrize(
    ("rule", "first", "days"),
    [  # RFC 5545, 3.8.5.3
        ("FREQ=DAILY;COUNT=10", "1997-09-02", "09-02 09-03 09-04 09-05 09-06"),
        ("FREQ=DAILY;INTERVAL=10;COUNT=5", "1997-09-02", "09-02 09-12 09-22 10-02 10-12"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;COUNT=8", "1997-09-02", "09-02 09-04 09-16 09-18"),
        ("FREQ=MONTHLY;BYDAY=+1FR;COUNT=10", "1997-09-05", "09-05 10-03 11-07 12-05 01-02"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=5", "1997-09-30", "09-30 10-31 11-30 12-31 01-31"),
        ("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=4", "1997-10-31", "10-31 12-31 01-31 03-31"),
    ],
)
def test_examples_of_the_standard(rule: str, first: str, days: str) -> None:
    series = Series(
        rule=rule, first=datetime.fromisoformat(f"{first}T09:00"), zone="America/New_York"
    )

    coming = series.coming(datetime(1997, 1, 1, tzinfo=UTC), len(days.split()))

    assert [f"{one.original:%m-%d}" for one in coming] == days.split()
