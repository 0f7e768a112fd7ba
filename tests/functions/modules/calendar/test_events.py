"""Events and who comes to them, as they are talked about in chat."""

from __future__ import annotations

from datetime import datetime

import pytest

from functions.modules.calendar.gatherings import Gatherings
from functions.modules.calendar.module import MODULE
from functions.modules.calendar.texts import VERBS
from tests.functions.modules.calendar.letting_time_pass import let_time_pass
from waddlebot.stores.postgres import Connection
from waddlebot_sdk import Buttons, CommunityInfo
from waddlebot_sdk.dialogue import Dialogue
from waddlebot_sdk.shown import show_time

Chat = Dialogue[Gatherings]


def at(text: str) -> str:
    """As chats show it, which begin on Monday 5 January 2026 at noon."""
    return show_time(datetime.fromisoformat(f"2026-{text}+00:00"))


GAME_NIGHT = f"#1 Game night, {at('01-06T20:00')}"

WHO_COMES = "2 of 2 seats taken · Bob, Cleo · 1 maybe · 1 no · by Max"
ALL_TAKEN = (
    "All 2 seats of #1 Game night are taken. You wait as number 1, and I call you when one "
    "comes free. No longer? !event no 1"
)


def planned(chat: Chat, *lines: str) -> None:
    for line in lines:
        chat.says("Max", line, role="moderator")
    chat.heard()


def test_a_game_night_with_two_seats(chat: Chat, connection: Connection) -> None:
    chat.says("Max", '!event add tomorrow 20:00 "Game night" "" Discord 2', role="moderator")
    assert chat.heard() == [f"{GAME_NIGHT} · at Discord · 2 seats. You come? !event yes 1"]

    chat.says("Ana", "!event yes 1")
    chat.clicks("Bob", "I come")
    chat.says("Cleo", "!event yes 1")
    chat.says("Dora", "!event maybe 1")
    assert chat.heard() == [
        f"You come to {GAME_NIGHT}. 1 of 2 seats taken.",
        f"You come to {GAME_NIGHT}. 2 of 2 seats taken.",
        ALL_TAKEN,
        f"Maybe you come to {GAME_NIGHT}. No seat is kept for that.",
    ]

    chat.says("Ana", "!event no 1")
    let_time_pass(chat, connection, seconds=1)
    assert chat.heard() == [
        f"You do not come to {GAME_NIGHT}.",
        f"Cleo, a seat came free: you come to {GAME_NIGHT}. You cannot? !event no 1",
    ]

    chat.says("Ana", "!event show 1")
    chat.says("Ana", "!event list")
    chat.says("Max", "!event cancel 1", role="moderator")
    chat.says("Ana", "!event list")
    assert chat.heard() == [
        f"{GAME_NIGHT} · at Discord · 2 seats · {WHO_COMES}",
        f"Coming: #1 Game night {at('01-06T20:00')}, 2 seats",
        f"Cancelled: {GAME_NIGHT}. Bob, Cleo had said yes.",
        "Nothing is planned. Add something: !event add <when> <title>",
    ]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("tomorrow 20:00 Game night", GAME_NIGHT),
        ("20:00 tomorrow Game night", GAME_NIGHT),
        ('"Game night" "2026-01-06 20:00"', GAME_NIGHT),
        ('"Game night" 2026-01-06 20:00', GAME_NIGHT),
        ("6 jan 8pm Game night", GAME_NIGHT),
        ('tomorrow 20:00 "Game night" "Bring fish"', f"{GAME_NIGHT}: Bring fish"),
        ("“Game night” “tomorrow 20:00” “Bring fish” here", f"{GAME_NIGHT}: Bring fish · at here"),
        ('tomorrow 20:00 "Game night" 1', f"{GAME_NIGHT} · 1 seat"),
        ("in 2 hours Game night", f"#1 Game night, {at('01-05T14:00')}"),
        (
            'tomorrow 20:00 "10 minutes of silence"',
            f"#1 10 minutes of silence, {at('01-06T20:00')}",
        ),
    ],
)
def test_when_and_what_are_read_as_people_write_them(chat: Chat, typed: str, shown: str) -> None:
    chat.says("Max", f"!event add {typed}", role="moderator")

    assert chat.heard() == [f"{shown}. You come? !event yes 1"]


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("Game night", "When is it? Begin with that"),
        ('"Game night" soon', "When is it? Begin with that"),
        ("tomorrow 20:00", "What is it? Say that behind the time."),
        ("tomorrow 25:00 Game night", "'25:00' is no time of a day."),
        ("2026-01-04 20:00 Game night", "is over already"),
        ("2028-02-01 20:00 Game night", "That is too far away"),
        ('tomorrow 20:00 "Game night" a b c', "Behind the title stand what it is about"),
        ('tomorrow 20:00 "Game night" 0000000', "is no number of seats"),
        (f"tomorrow 20:00 {'x' * 101}", "That is 101 characters long; at most 100"),
    ],
)
def test_what_is_no_event_is_said_with_what_to_type(chat: Chat, typed: str, answer: str) -> None:
    chat.says("Max", f"!event add {typed}", role="moderator")

    (line,) = chat.heard()
    assert answer in line


@pytest.mark.parametrize(
    "line",
    ["!event add", "!event add tomorrow", "!event show", "!event yes", "!event edit 1 title"],
)
def test_a_missing_argument_answers_the_usage(chat: Chat, line: str) -> None:
    chat.says("Max", line, role="moderator")

    (answer,) = chat.heard()
    assert answer.startswith("Usage: !event ")


@pytest.mark.parametrize(
    "line", ["!calendar create tomorrow 20:00 Game night", "!cal add tomorrow 20:00 Game night"]
)
def test_long_forms_mean_the_same(chat: Chat, line: str) -> None:
    chat.says("Max", line, role="moderator")
    chat.says("Ana", "!cal join 1")
    chat.says("Ana", "!calendar leave 1")
    chat.says("Ana", "!events")

    assert [one.partition(",")[0] for one in chat.heard()] == [
        "#1 Game night",
        "You come to #1 Game night",
        "You do not come to #1 Game night",
        f"Coming: #1 Game night {at('01-06T20:00')}",
    ]


def test_times_are_those_of_the_community(gatherings: Gatherings) -> None:
    oslo = CommunityInfo(id=1, name="Oslo", time_zone="Europe/Oslo")
    chat = Dialogue(MODULE, gatherings, community=oslo)

    chat.says("Max", "!event add 7 jul 20:00 Game night", role="moderator")

    assert at("07-07T18:00") in chat.heard()[0]


def test_what_somebody_suggests_waits_for_a_moderator(chat: Chat, connection: Connection) -> None:
    chat.says("Ana", "!event add tomorrow 20:00 Game night")
    (waits,) = chat.heard()
    assert waits.startswith(f"{GAME_NIGHT} waits for a moderator: !event approve 1 or")

    for line in ("!event list", "!event show 1", "!event yes 1", "!event approve 1"):
        chat.says("Bob", line)
    assert chat.heard() == [
        "Nothing is planned. Add something: !event add <when> <title>",
        "There is no event #1. See them: !event list",
        "There is no event #1. See them: !event list",
        "!event approve needs moderator.",
    ]

    chat.clicks("Bob", "Approve")
    chat.clicks("Max", "Approve", role="moderator")
    chat.clicks("Max", "Reject", role="moderator")
    let_time_pass(chat, connection, seconds=1)
    assert chat.heard() == [
        "That needs moderator.",
        f"Approved: {GAME_NIGHT}. You come? !event yes 1",
        "#1 Game night waits for nobody: it is approved.",
        "Ana, your event #1 Game night was approved by Max.",
    ]


def test_who_is_refused_reads_why(chat: Chat, connection: Connection) -> None:
    chat.says("Ana", "!event add tomorrow 20:00 Game night")
    chat.says("Max", "!event reject 1 we stream then", role="moderator")
    let_time_pass(chat, connection, seconds=1)
    chat.says("Ana", "!event yes 1")

    assert chat.heard()[1:] == [
        "Rejected: #1 Game night: we stream then.",
        "Ana, your event #1 Game night was rejected by Max: we stream then.",
        "#1 Game night is rejected: we stream then.",
    ]


@pytest.mark.parametrize("label", ["event-autoapprove", "calendar"])
def test_what_people_with_a_label_plan_waits_for_nobody(chat: Chat, label: str) -> None:
    chat.says("Ana", "!event add tomorrow 20:00 Game night", labels=[label])

    assert chat.heard() == [f"{GAME_NIGHT}. You come? !event yes 1"]


def test_five_may_wait_for_a_moderator_of_one_person(chat: Chat) -> None:
    for number in range(6):
        chat.says("Ana", f"!event add tomorrow 20:00 Round {number}")

    assert chat.heard()[-1] == "5 events of yours wait for a moderator already."


def test_what_comes_back_is_kept_as_the_fifth_that_waits(chat: Chat) -> None:
    """Its draft counted as one more, once it was to be kept."""
    for number in range(4):
        chat.says("Ana", f"!event add tomorrow 20:00 Round {number}")
    chat.says("Ana", "!event add every friday 20:00 Game night")

    chat.clicks("Ana", "Keep it")

    assert "waits for a moderator" in chat.heard()[-1]


def test_nobody_reads_what_was_taken_back_before_anybody_approved_it(chat: Chat) -> None:
    """To cancel it made it public: cancelled events are listed, and stand in all feeds."""
    chat.says("Ana", "!event add tomorrow 20:00 Free nitro")
    chat.heard()

    chat.says("Ana", "!event cancel 1")
    chat.says("Bob", "!event list cancelled")
    chat.says("Bob", "!event show 1")
    chat.says("Max", "!event approve 1", role="moderator")

    none = "There is no event #1. See them: !event list"
    assert chat.heard() == [
        "Taken back: #1 Free nitro. Nobody had approved it.",
        "Nothing is planned. Add something: !event add <when> <title>",
        none,
        none,
    ]


def test_what_waits_is_listed_for_whom_it_concerns(chat: Chat) -> None:
    """Everybody could list what no moderator had read, and what was refused."""
    chat.says("Ana", "!event add tomorrow 20:00 Free nitro")
    chat.says("Ana", "!event add tomorrow 21:00 Game night")
    chat.says("Max", "!event reject 2", role="moderator")
    chat.heard()

    for which in ("pending", "rejected"):
        for name, role in (("Bob", "user"), ("Ana", "user"), ("Max", "moderator")):
            chat.says(name, f"!event list {which}", role=role)

    heard = chat.heard()
    assert ["#" in one for one in heard] == [False, True, True, False, True, True]


@pytest.mark.parametrize("broken", ["Game\nnight", "Game \r\n\r\n night", "\u202eGame\u2028night"])
def test_words_of_an_event_are_one_line_as_people_see_it(chat: Chat, broken: str) -> None:
    planned(chat, f'!event add tomorrow 20:00 "{broken}" "{broken}" "{broken}"')
    chat.says("Max", f"!event edit 1 title {broken}", role="moderator")

    assert chat.heard() == [f"Changed. {GAME_NIGHT}: Game night · at Game night."]


@pytest.mark.parametrize("unseen", ["\u200b", '"\u2060 \u200b"', "\u202e"])
def test_what_nobody_sees_is_no_title(chat: Chat, unseen: str) -> None:
    chat.says("Max", f"!event add tomorrow 20:00 {unseen}", role="moderator")

    assert chat.heard() == [
        "What is it? Say that behind the time. Example: !event add tomorrow 20:00 Game night"
    ]


def test_a_moderator_who_cancels_what_waits_refuses_it(chat: Chat, connection: Connection) -> None:
    chat.says("Ana", "!event add tomorrow 20:00 Game night")
    chat.says("Max", "!event cancel 1", role="moderator")
    let_time_pass(chat, connection, seconds=1)

    assert chat.heard()[1:] == [
        "Rejected: #1 Game night.",
        "Ana, your event #1 Game night was rejected by Max.",
    ]


def test_who_added_it_and_moderators_change_it(chat: Chat, connection: Connection) -> None:
    planned(chat, '!event add tomorrow 20:00 "Game night" 1')
    chat.says("Ana", "!event yes 1")
    chat.says("Bob", "!event yes 1")
    chat.heard()

    chat.says("Ana", "!event edit 1 seats 5")
    chat.says("Ana", "!event cancel 1")
    chat.says("Max", "!event edit 1 seats 2", role="moderator")
    let_time_pass(chat, connection, seconds=1)
    chat.says("Max", "!event edit 1 seats 1", role="moderator")
    chat.says("Max", "!event edit 1 seats none", role="moderator")
    chat.says("Max", "!event edit 1 when friday 18:30", role="moderator")
    chat.says("Max", "!event edit 1 colour red", role="moderator")

    friday = f"#1 Game night, {at('01-09T18:30')}"
    assert chat.heard() == [
        "Only Max and moderators change #1 Game night.",
        "Only Max and moderators change #1 Game night.",
        f"Changed. {GAME_NIGHT} · 2 seats.",
        f"Bob, a seat came free: you come to {GAME_NIGHT}. You cannot? !event no 1",
        "2 people come already: there cannot be fewer seats.",
        f"Changed. {GAME_NIGHT}.",
        f"Changed. {friday}.",
        "An event has no 'colour' to change. It has: title, about, place, seats, when.",
    ]


def test_nobody_has_words_approved_and_says_others_then(chat: Chat) -> None:
    chat.says("Ana", "!event add tomorrow 20:00 Game night")
    chat.says("Ana", "!event edit 1 title Games")
    chat.says("Max", "!event approve 1", role="moderator")
    chat.heard()

    chat.says("Ana", "!event edit 1 title Free nitro")
    chat.says("Ana", "!event edit 1 seats 3")

    refused, changed = chat.heard()
    assert refused == "A moderator has approved it as it is: ask one to change the title."
    assert changed.startswith("Changed. #1 Games")


def test_who_waits_and_says_yes_again_keeps_the_turn(chat: Chat) -> None:
    planned(chat, '!event add tomorrow 20:00 "Game night" 1')
    for name in ("Ana", "Bob", "Cleo", "Bob", "Ana"):
        chat.says(name, "!event yes 1")

    told = chat.heard()
    assert ["number 1" in one for one in told] == [False, True, False, True, False]
    assert told[-1].startswith("You come")


def test_who_left_meanwhile_is_not_called(chat: Chat, connection: Connection) -> None:
    planned(chat, '!event add tomorrow 20:00 "Game night" 1')
    for name, verb in (("Ana", "yes"), ("Bob", "yes"), ("Ana", "no"), ("Bob", "no")):
        chat.says(name, f"!event {verb} 1")
    chat.heard()

    let_time_pass(chat, connection, seconds=1)

    assert chat.heard() == []


def test_what_is_told_twice_is_said_once(chat: Chat) -> None:
    planned(chat, '!event add tomorrow 20:00 "Game night" 1')
    for name, verb in (("Ana", "yes"), ("Bob", "yes"), ("Ana", "no")):
        chat.says(name, f"!event {verb} 1")
    chat.heard()

    for _ in range(2):
        chat.happens("due", {"module": "calendar", "event": 1, "news": "moved_up"}, to="Bob")

    assert len(chat.heard()) == 1


def test_what_has_begun_takes_no_answer(chat: Chat, connection: Connection) -> None:
    planned(chat, "!event add tomorrow 20:00 Game night")
    let_time_pass(chat, connection, days=2)
    chat.heard()

    chat.says("Ana", "!event yes 1")
    chat.says("Ana", "!event list")

    began, listed = chat.heard()
    assert began == f"#1 Game night has begun already, {at('01-06T20:00')}."
    assert listed.startswith("Nothing is planned.")


def test_another_community_sees_none_of_it(gatherings: Gatherings, chat: Chat) -> None:
    planned(chat, "!event add tomorrow 20:00 Game night")
    theirs = Dialogue(MODULE, gatherings, community=CommunityInfo(id=2, name="Other"))

    for line in ("!event show 1", "!event yes 1", "!event cancel 1", "!event list"):
        theirs.says("Olga", line, role="owner")

    none = "There is no event #1. See them: !event list"
    assert theirs.heard()[:3] == [none] * 3


def test_people_of_several_platforms_are_in_one_list(gatherings: Gatherings, chat: Chat) -> None:
    planned(chat, '!event add tomorrow 20:00 "Game night" 2')
    chat.heard()
    slack = Dialogue(MODULE, gatherings, entity="slack:T1:C1", seed="slack")

    chat.says("Ana", "!event yes 1")
    slack.says("Ana", "!event yes 1")
    slack.says("Bob", "!event yes 1")

    assert slack.heard()[0].endswith("2 of 2 seats taken.")


def test_answers_may_be_pressed(chat: Chat) -> None:
    planned(chat, "!event add tomorrow 20:00 Game night")
    chat.says("Ana", "!event show 1")

    asked = chat.offered()
    assert isinstance(asked, Buttons)
    assert not asked.needed
    chat.clicks("Bob", "Maybe")
    assert chat.heard()[-1].startswith("Maybe you come")


def test_numbers_are_offered_by_words(chat: Chat) -> None:
    planned(chat, "!event add tomorrow 20:00 Game night", "!event add friday 18:30 Film")

    assert chat.completes("!event yes ") == ["1", "2"]
    assert chat.completes("!event yes fil") == ["2"]


def test_a_long_list_has_pages(chat: Chat) -> None:
    for number in range(30):
        planned(chat, f"!event add tomorrow 20:00 {'Long night ' * 3}{number}")

    chat.says("Ana", "!event list")
    chat.says("Ana", "!event list 2")
    chat.says("Ana", "!event list birds")

    first, second, none = chat.heard()
    assert "!event list 2 goes on" in first
    assert second.startswith("Coming: #")
    assert none.startswith("'birds' is no list.")


def test_the_verbs_that_are_listed_are_those_that_are_declared(chat: Chat) -> None:
    declared = {one.path.removeprefix("event ") for one in MODULE.commands if one.path != "event"}
    assert set(VERBS) == declared
    chat.says("Ana", "!event frobnicate")
    assert chat.heard()[0].startswith("'frobnicate' is nothing that !event does. It knows: add,")


@pytest.mark.parametrize("hostile", ["@everyone '; DROP TABLE events; --x", "{0} %s %(x)s \\"])
def test_hostile_text_is_kept_as_it_is(chat: Chat, hostile: str) -> None:
    planned(chat, f"!event add tomorrow 20:00 {hostile}")

    chat.says("Ana", "!event show 1")

    assert hostile in chat.heard()[0]
