"""A line that somebody answers is kept with who said it, when and where."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from functions.modules.memories.module import MODULE
from functions.modules.memories.personal_data import erase, export
from functions.modules.memories.store import Memories
from tests.functions.modules.memories.answered_lines import ADDRESS, AT, a_reply
from waddlebot_sdk import Ticker
from waddlebot_sdk.dialogue import Dialogue
from waddlebot_sdk.shown import Shown, show_time

Chat = Dialogue[Memories]
SAID = show_time(AT, Shown.DAY)


def test_a_moderator_keeps_the_line_that_is_answered(chat: Chat) -> None:
    chat.says("Max", "!addquote", role="moderator", data=a_reply())
    chat.says("Olga", "!quote")
    chat.says("Olga", "!memories get 1")

    kept, shown, story = chat.heard()
    assert kept == "Kept as quote #1."
    assert shown == f"#1: Waddle on, whatever comes! — Ana, {SAID}"
    assert story.startswith(f"{shown} (quote, kept by Max on ")
    assert story.endswith(f"shown 2 times) {ADDRESS}")
    assert chat.shown() == [Ticker("New quote #1: Waddle on, whatever comes! — Ana")]


def test_a_line_is_kept_once_however_often_it_is_answered(chat: Chat) -> None:
    chat.says("Max", "!addquote", role="moderator", data=a_reply())
    chat.says("Olga", "!addquote", role="moderator", data=a_reply())
    chat.says("Olga", "!addquote", role="moderator", data=a_reply("902"))
    assert chat.heard() == [
        "Kept as quote #1.",
        "That line is quote #1 already.",
        "Kept as quote #2.",
    ]

    chat.says("Max", "!memories delete 1", role="moderator")
    chat.says("Max", "!addquote", role="moderator", data=a_reply())
    assert chat.heard()[1:] == ["Kept as quote #3."]


def test_words_that_are_typed_are_kept_whatever_they_answer(chat: Chat) -> None:
    chat.says("Max", "!addquote Fish first — Olga", role="moderator", data=a_reply())
    chat.says("Ana", "!quote 1")

    assert chat.heard()[1] == "#1: Fish first — Olga"


def test_where_no_time_and_no_place_is_told_the_quote_has_none(chat: Chat) -> None:
    data = a_reply(said_at="", address="")
    chat.says("Max", "!addquote", role="moderator", data=data)
    chat.says("Max", "!memories edit 1 game Club Penguin", role="moderator")
    chat.says("Ana", "!quote penguin")

    assert chat.heard()[2] == "#1: Waddle on, whatever comes! — Ana [Club Penguin]"


def test_a_viewer_keeps_nothing_by_answering(chat: Chat) -> None:
    chat.says("Ana", "!addquote", data=a_reply())

    assert chat.heard() == ["!addquote needs moderator."]


def test_whose_line_it_was_may_see_it_and_have_the_name_removed(memories: Memories) -> None:
    chat = Dialogue(MODULE, memories, entity="discord:channel:10/20")
    chat.says("Max", "!addquote", role="moderator", data=a_reply())
    (record,) = export(1, "discord", "30", memories)
    assert (record["content"], record["address"]) == ("Waddle on, whatever comes!", ADDRESS)

    assert erase(1, "discord", "30", memories) == 1

    assert export(1, "discord", "30", memories) == []
    chat.says("Olga", "!memories get 1")
    story = chat.heard()[1]
    assert "Ana" not in story
    assert ADDRESS not in story
    assert "kept by Max" in story


def test_what_was_said_on_this_day_of_earlier_years_is_listed(chat: Chat) -> None:
    chat.now = datetime(2026, 12, 24, 23, 30, tzinfo=UTC)
    later = a_reply("902", said_at="2024-12-24T09:00:00+00:00", text="Fish first")
    for data in (a_reply(), later, a_reply("903", said_at="2025-12-23T20:00:00+00:00")):
        chat.says("Max", "!addquote", role="moderator", data=data)
    chat.says("Max", "!addquote said today", role="moderator")
    chat.heard()

    chat.says("Ana", "!onthisday")

    assert chat.heard() == ["Said on this day: #1 Waddle on, whatever comes! · #2 Fish first"]


def test_on_a_day_without_quotes_that_is_said(chat: Chat) -> None:
    chat.says("Max", "!addquote said today", role="moderator")
    chat.says("Ana", "!onthisday")

    today = show_time(chat.now, Shown.DAY)
    assert chat.heard()[1] == (f"No quote of an earlier year was said on the day that is {today}.")


@pytest.mark.parametrize(
    "odd",
    [
        *(None, "x", [], {}, {"message_id": "1"}, {"message_id": 7, "text": "x"}),
        *({"message_id": "1" * 300, "text": "x"}, {"message_id": "1", "text": "  "}),
    ],
)
def test_what_is_no_line_is_none(chat: Chat, odd: object) -> None:
    chat.says("Max", "!addquote", role="moderator", data={"replied_to": odd})

    assert "A quote wants words." in chat.heard()[0]


def test_an_address_or_a_time_that_is_none_is_left_out(chat: Chat) -> None:
    data = a_reply(said_at="soon", address="javascript:alert(1)")
    chat.says("Max", "!addquote", role="moderator", data=data)
    chat.says("Max", "!memories get 1")

    assert chat.heard()[1].endswith("shown 1 time)")
