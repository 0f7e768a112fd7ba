"""Polls as they are talked about in chat."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from functions.modules.polls.module import MODULE
from functions.modules.polls.polling import Polls
from functions.modules.polls.typed import read_ballot
from tests.functions.modules.polls.letting_time_pass import let_time_pass
from waddlebot.stores.postgres import Connection
from waddlebot_sdk import Buttons, General, Select
from waddlebot_sdk.dialogue import Dialogue

Chat = Dialogue[Polls]
ASKED = "Poll #1: What do we play? 1 Celeste · 2 Hades · 3 Tunic. Vote: !vote 1."


def opened(chat: Chat, line: str = '!poll "What do we play?" Celeste | Hades | Tunic') -> str:
    chat.says("Max", line, role="moderator")
    (said,) = chat.heard()
    return said


def charts(chat: Chat) -> list[dict[str, Any]]:
    """What the overlay got since this was last asked."""
    shown = [one for one in chat.shown() if isinstance(one, General)]
    assert all(one.content_type == "poll" for one in shown)
    return [{"text": one.content, **one.details} for one in shown]


def votes(chart: dict[str, Any]) -> list[int]:
    return [one["votes"] for one in chart["options"]]


def test_a_poll_is_opened_voted_in_and_ends_by_itself(chat: Chat, connection: Connection) -> None:
    said = opened(chat, '!poll "What do we play?" Celeste | Hades | Tunic for 2m')
    assert said == f"{ASKED} It is open for 2 minutes."

    chat.says("Ana", "!vote 2")
    chat.says("Bob", "!vote hades")
    chat.says("Cleo", "!vote cel")
    assert chat.heard() == [
        "You vote for Hades in poll #1. Another one takes its place.",
        "You vote for Hades in poll #1. Another one takes its place.",
        "You vote for Celeste in poll #1. Another one takes its place.",
    ]

    let_time_pass(chat, connection, seconds=119)
    assert chat.heard() == []
    let_time_pass(chat, connection, seconds=1)
    assert chat.heard() == [
        "Poll #1 is over: What do we play? Hades wins with 2 of 3 votes. Celeste 1 · Tunic 0."
    ]
    let_time_pass(chat, connection, days=30)
    assert chat.heard() == []


def test_who_changes_their_mind_counts_once(chat: Chat) -> None:
    opened(chat)
    for line in ("!vote 1", "!vote 1", "!vote 2"):
        chat.says("Ana", line)
    assert chat.heard()[1:] == [
        "You vote for Celeste in poll #1 already.",
        "You vote for Hades in poll #1 now, not for Celeste.",
    ]
    chat.says("Max", "!poll close", role="moderator")
    assert chat.heard() == [
        "Poll #1 is over: What do we play? Hades wins with 1 of 1 vote. Celeste 0 · Tunic 0."
    ]


def test_how_it_stands_is_shown_of_an_open_poll(chat: Chat) -> None:
    opened(chat)
    chat.says("Ana", "!vote 2")
    chat.heard()
    chat.says("Bob", "!poll")
    (shown,) = chat.heard()
    assert shown == (
        "Poll #1: What do we play? 1 Celeste (0) · 2 Hades (1) · 3 Tunic (0). 1 vote so far. "
        "Vote: !vote 1."
    )


def test_a_secret_poll_tells_nothing_before_its_end(chat: Chat, polls: Polls) -> None:
    said = opened(chat, '!poll "Who is it?" Ana | Bob for 1h secret')
    assert said.endswith(
        "Vote: !vote 1. It is secret: how it stands is told at its end. It is open for 1 hour."
    )
    chat.says("Ana", "!vote 2")
    chat.says("Ana", "!vote 1")
    chat.says("Bob", "!poll")
    first, changed, shown = chat.heard()
    assert first == "Your vote in poll #1 counts."
    assert changed == "Your vote in poll #1 is changed."
    assert "1 Ana · 2 Bob. 1 vote so far." in shown
    assert [votes(one) for one in charts(chat)] == [[0, 0]]
    chat.says("Max", "!poll close", role="moderator")
    assert "Ana wins with 1 of 1 vote. Bob 0." in chat.heard()[0]
    assert votes(charts(chat)[-1]) == [1, 0]
    found = polls.find(1, 1)
    assert found
    assert polls.votes.count(found) == (0, 0)  # who chose what is gone


def test_a_tie_is_shared_or_goes_by_lot(chat: Chat) -> None:
    told = []
    for terms in ("", " tie lot"):
        opened(chat, f'!poll "Which?" a | b | c{terms}')
        chat.says("Ana", "!vote a")
        chat.says("Bob", "!vote b")
        let_close(chat)
        told += chat.heard()[-1:]
    shared, lot = told
    assert shared == (
        "Poll #1 is over: Which? a and b share the first place with 1 of 2 votes each. c 0."
    )
    assert lot in {
        f"Poll #2 is over: Which? {one} wins by lot among those with 1 of 2 votes each. "
        f"{other} 1 · c 0."
        for one, other in (("a", "b"), ("b", "a"))
    }


def test_nobody_votes(chat: Chat) -> None:
    opened(chat)
    chat.says("Max", "!poll end", role="moderator")
    assert chat.heard() == ["Poll #1 is over: What do we play? Nobody voted."]


def test_what_is_cancelled_counts_for_nothing(chat: Chat, connection: Connection) -> None:
    opened(chat, '!poll "What?" a | b for 5m')
    chat.says("Ana", "!vote a")
    chat.says("Max", "!poll cancel", role="moderator")
    assert chat.heard()[1:] == ["Poll #1 was cancelled: What? Nothing of it counts."]
    assert charts(chat)[-1]["options"] == []
    let_time_pass(chat, connection, days=20)
    assert chat.heard() == []
    chat.says("Ana", "!vote a")
    chat.says("Ana", "!poll 1")
    assert chat.heard() == [
        "No poll is open. Earlier ones: !polls",
        "Poll #1 was cancelled: What? Nothing of it counts.",
    ]


def test_a_vote_that_comes_too_late_is_refused(chat: Chat) -> None:
    opened(chat, '!poll "What?" a | b for 5m')
    chat.wait(timedelta(minutes=5))
    chat.says("Ana", "!vote a")
    assert chat.heard() == ["Poll #1 has just ended, so this vote does not count. See it: !poll #1"]


def test_what_is_pressed_is_answered_to_whoever_pressed(polls: Polls) -> None:
    talk = Dialogue(MODULE, polls, entity="discord:channel:1")
    opened(talk)
    offered = talk.offered()
    assert isinstance(offered, Buttons)
    assert [one.label for one in offered.buttons] == ["1 Celeste", "2 Hades", "3 Tunic"]
    talk.clicks("Ana", "2 Hades")
    assert talk.heard() == ["You vote for Hades in poll #1. Another one takes its place."]
    assert [one.private for one in talk.answers if hasattr(one, "private")] == [True]
    talk.says("Max", "!poll close", role="moderator")
    talk.clicks("Bob", "1 Celeste")
    assert len(set(talk.heard())) == 1  # whoever is too late reads what came of it


def test_many_options_are_a_menu_and_the_chart_has_the_first_five(polls: Polls) -> None:
    talk = Dialogue(MODULE, polls, entity="slack:channel:T1:C1")
    opened(talk, '!poll "Which day?" mon | tue | wed | thu | fri | sat | sun')
    assert isinstance(talk.offered(), Select)
    talk.chooses("Ana", "7 sun")
    assert [votes(one) for one in charts(talk)] == [[0] * 6]
    let_close(talk)
    chart = charts(talk)[-1]
    assert [one["label"] for one in chart["options"]] == [
        "1 mon",
        "2 tue",
        "3 wed",
        "4 thu",
        "7 sun",
        "2 others",
    ]
    assert votes(chart) == [0, 0, 0, 0, 1, 0]


def let_close(talk: Chat) -> None:
    talk.says("Max", "!poll close", role="moderator")


def test_several_polls_are_open_at_once(chat: Chat) -> None:
    opened(chat)
    second = opened(chat, '!poll "Where?" here | there')
    assert "Vote: !vote #2 1." in second
    for line in ("!vote 1", "!vote #2 there", "!poll", "!poll 2"):
        chat.says("Ana", line)
    which, voted, listed, shown = chat.heard()
    assert which == listed
    assert which == (
        "Open polls: #2 Where? · #1 What do we play? — !poll #2 shows one, !vote #2 1 votes in it."
    )
    assert voted == "You vote for there in poll #2. Another one takes its place."
    assert "1 here (0) · 2 there (1)" in shown
    for _ in range(3):
        opened(chat, '!poll "Where?" here | there')
    assert opened(chat, '!poll "Where?" here | there') == (
        "5 polls are open already. Close one first: !poll close"
    )


def test_a_poll_is_asked_in_several_places_and_each_is_told_once(
    chat: Chat, polls: Polls, connection: Connection
) -> None:
    there = Dialogue(MODULE, polls, entity="discord:channel:1", seed="there")
    opened(chat, '!poll "What?" a | b for 5m')
    there.says("Max", "!poll here", role="moderator")
    there.says("Max", "!poll here", role="moderator")
    there.says("Ana", "!vote b")
    asked, again, _ = there.heard()
    assert asked == "Poll #1 is open here too: What? 1 a · 2 b. Vote: !vote 1."
    assert again == "Poll #1 is open here already. See it: !poll #1"
    there.says("Max", "!poll close", role="moderator")
    over = "Poll #1 is over: What? b wins with 1 of 1 vote. a 0."
    assert there.heard() == [over]
    let_time_pass(chat, connection, seconds=1)
    assert chat.heard() == [over]
    let_time_pass(chat, connection, days=20)
    let_time_pass(there, connection, days=20)
    assert chat.heard() == there.heard() == []


def test_the_chart_is_drawn_at_most_once_a_second(chat: Chat, connection: Connection) -> None:
    opened(chat)
    for number in range(20):
        chat.says(f"Ana{number}", "!vote 1")
    assert [votes(one) for one in charts(chat)] == [[0, 0, 0]]
    let_time_pass(chat, connection, seconds=1)
    assert [votes(one) for one in charts(chat)] == [[20, 0, 0]]
    let_time_pass(chat, connection, seconds=10)
    assert charts(chat) == []
    chat.says("Bob", "!vote 2")
    assert [votes(one) for one in charts(chat)] == [[20, 1, 0]]


def test_a_chart_counts_down_to_the_end_that_was_told(chat: Chat) -> None:
    opened(chat, '!poll "What?" a | b for 5m')
    (chart,) = charts(chat)
    assert chart == {
        "text": "What?",
        "poll_id": "1",
        "options": [{"label": "1 a", "votes": 0}, {"label": "2 b", "votes": 0}],
        "ends_at": "2026-01-05T12:05:00+00:00",
    }


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ('!poll "What?"', "A poll has two options at least"),
        ('!poll "What?" a', "A poll has two options at least"),
        ("!poll hello", "What is asked, and what can be chosen?"),
        ('!poll "What?" a | | b', "One of the options is empty"),
        ('!poll "What?" a | \u200b\u202e | b', "One of the options is empty"),
        ('!poll "What?" a | \u3164 | b', "One of the options is empty"),
        ('!poll "What?" a | A', "'A' stands there twice"),
        ('!poll "How many?" 2 | 3 | 4', "would mean another one. Call it '2x' or so"),
        (f'!poll "What?" a | {"b" * 61}', "has 60 characters at most"),
        (f'!poll "{"W" * 121}" a | b', "The question has 120 characters at most"),
        ('!poll "What?" ' + " | ".join(map(str, range(101, 112))), "10 options at most"),
        ('!poll "What?" a | b for 5s', "open for 10 seconds to 14 days"),
        ('!poll "What?" a | b for 3 weeks', "open for 10 seconds to 14 days"),
        ("!poll close", "No poll is open. Open one: !poll"),
        ("!poll close x", "'x' is no number of a poll"),
        ("!poll close 7", "There is no poll #7. See them: !polls"),
        ("!polls", "There was no poll yet. Open one"),
        ("!vote", "Usage: !vote <choice>"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_type(chat: Chat, line: str, answer: str) -> None:
    assert answer in opened(chat, line)


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("!poll What? a | b", "What? 1 a · 2 b."),
        ("!poll What do we eat | cake | fish", "What do we eat: 1 cake · 2 fish."),
        ("!poll “What?” a|b", "What? 1 a · 2 b."),
        ('!poll "What?" a | cake for two', "What? 1 a · 2 cake for two."),
        ('!poll "What?" a | cake for 2', "What? 1 a · 2 cake for 2."),
        ('!poll "What?" a | secret', "What? 1 a · 2 secret."),
        ('!poll "What?" a | "top secret"', "What? 1 a · 2 top secret."),
        ('!poll "What?" a | b tie share secret for 1h', "It is secret"),
        ('!poll "How many?" 1 | 2 | 3', "1 1 · 2 2 · 3 3."),
    ],
)
def test_questions_and_options_are_read_as_people_type_them(
    chat: Chat, line: str, asked: str
) -> None:
    assert asked in opened(chat, line)


def test_a_choice_is_a_number_or_as_much_of_a_name_as_no_other_has(chat: Chat) -> None:
    opened(chat, '!poll "What?" Red fish | Red bird | Blue bird')
    for line in (
        "!vote blue",
        "!vote red",
        "!vote FISH",
        "!vote green",
        "!vote 4",
        "!vote red  BIRD",
    ):
        chat.says("Ana", line)
    assert [one.partition(".")[0] for one in chat.heard()] == [
        "You vote for Blue bird in poll #1",
        "'red' may be 1 Red fish · 2 Red bird",
        "You vote for Red fish in poll #1 now, not for Blue bird",
        "Poll #1 has no 'green'",
        "Poll #1 has no '4'",
        "You vote for Red bird in poll #1 now, not for Red fish",
    ]


def test_viewers_open_and_close_none_and_whom_the_label_trusts_does(chat: Chat) -> None:
    chat.says("Ana", '!poll "What?" a | b')
    chat.says("Ana", "!poll close")
    chat.says("Ana", '!poll "What?" a | b', labels=["polls"])
    refused, needs, done = chat.heard()
    assert refused == "Only moderators open a poll. You see what is open: !poll"
    assert "moderator" in needs
    assert done.startswith("Poll #1: What?")


def test_history_lists_what_came_of_them(chat: Chat) -> None:
    opened(chat)
    chat.says("Ana", "!vote 2")
    let_close(chat)
    chat.heard()
    opened(chat, '!poll "Where?" here | there')
    chat.says("Max", "!poll cancel", role="moderator")
    chat.heard()
    opened(chat, '!poll "When?" now | then')
    chat.heard()
    chat.says("Ana", "!polls")
    assert chat.heard() == [
        "Polls: #3 When? (open) · #2 Where? (cancelled) · #1 What do we play? Hades (1 of 1)"
    ]


def test_what_is_offered_while_somebody_types(chat: Chat) -> None:
    opened(chat)
    assert chat.completes("!vote ha") == ["2"]
    assert chat.completes("!poll close ", role="moderator") == ["1"]
    opened(chat, '!poll "Where?" here | there')
    assert chat.completes("!vote ther") == ["#2 2"]


def test_a_question_of_one_word_comes_from_a_slash_command_without_quotes() -> None:
    ballot = read_ballot("Lunch cake | fish", in_words=str, is_slash=True)
    assert (ballot.question, ballot.options) == ("Lunch", ("cake", "fish"))


def test_what_ended_while_nobody_could_be_told_ends_when_somebody_looks(chat: Chat) -> None:
    opened(chat, '!poll "What?" a | b for 5m')
    chat.says("Ana", "!vote a")
    chat.wait(timedelta(hours=1))
    chat.says("Ana", "!poll")
    assert chat.heard()[1:] == ["Poll #1 is over: What? a wins with 1 of 1 vote. b 0."]
    chat.says("Ana", "!poll")
    assert chat.heard() == ["No poll is open. Earlier ones: !polls"]
