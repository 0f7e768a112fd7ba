"""Quotes of another bot, or of a list, as a moderator pastes them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from functions.modules.memories.importing import read_quotes
from functions.modules.memories.store import Memories
from waddlebot_sdk.dialogue import Dialogue
from waddlebot_sdk.shown import Shown, show_time

Chat = Dialogue[Memories]
AT = datetime(2024, 5, 1, tzinfo=UTC)
MILLISECONDS = str(int(AT.timestamp() * 1000))
FIREBOT = json.dumps(
    [
        {
            "id": 1,
            "text": "Waddle on!",
            "originator": "Ana",
            "creator": "Max",
            "game": "Club Penguin",
            "createdAt": "2024-05-01T00:00:00.000Z",
        }
    ]
)
PHANTOMBOT = json.dumps(
    [
        {
            "table": "quotes",
            "key": "0",
            "value": json.dumps(["Ana", "Waddle on!", MILLISECONDS, "Club Penguin"]),
        }
    ]
)


def brings(chat: Chat, text: str) -> str:
    chat.says("Max", "!importquotes", role="moderator")
    chat.submits("Max", {"quotes": text}, role="moderator")
    return chat.heard()[-1]


@pytest.mark.parametrize(
    "text",
    [
        '#12: "Waddle on!" - Ana [Club Penguin] [2024-05-01]',
        "Waddle on! — Ana [2024-05-01] [Club Penguin]",
        "1. Waddle on! — Ana [Club Penguin] [2024-05-01T00:00:00Z]\n\n",
        "quote,author,game,date\nWaddle on!,Ana,Club Penguin,2024-05-01",
        "\ufeffId,Text,Originator,Game,CreatedAt\r\n7,Waddle on!,Ana,Club Penguin,2024-05-01\r\n",
        FIREBOT,
        PHANTOMBOT,
    ],
)
def test_a_quote_comes_with_who_what_game_and_day(chat: Chat, text: str) -> None:
    assert brings(chat, text) == "1 quote was kept, as #1."

    chat.says("Ana", "!quote 1")

    day = show_time(AT, Shown.DAY)
    assert chat.heard() == [f"#1: Waddle on! — Ana, {day} [Club Penguin]"]


def test_what_is_brought_twice_or_said_twice_is_kept_once(chat: Chat) -> None:
    chat.says("Max", "!addquote Fish first", role="moderator")

    first = brings(chat, "FISH first\nWaddle on!\nwaddle ON!\nBread last")
    again = brings(chat, "Waddle on!\nBread last")
    chat.says("Max", "!addquote more", role="moderator")

    assert first == "2 quotes were kept, as #2 to #3. 2 were here already."
    assert again == "No quote was kept. 2 were here already."
    assert chat.heard() == ["Kept as quote #4."]


def test_what_cannot_be_kept_is_told_with_its_place(chat: Chat) -> None:
    text = "\n".join(["Waddle on!", *["x" * 501] * 5])

    assert brings(chat, text) == (
        "1 quote was kept, as #1. Not kept: "
        "quote 2 of the text: That is 501 characters long; at most 500 can be kept. Shorten it; "
        "quote 3 of the text: That is 501 characters long; at most 500 can be kept. Shorten it; "
        "quote 4 of the text: That is 501 characters long; at most 500 can be kept. Shorten it; "
        "2 more"
    )


def test_nothing_is_said_so(chat: Chat) -> None:
    assert brings(chat, " \n ") == "There is no quote in it. Paste one a line."


@pytest.mark.parametrize(
    ("line", "words", "author", "game"),
    [
        ("we won 3 - 0 [again]", "we won 3 - 0", "", "again"),
        ("[sic] he said", "[sic] he said", "", ""),
        ("[all of it]", "[all of it]", "", ""),
        ("2 penguins walk in", "2 penguins walk in", "", ""),
        ("Waddle [Fish] [Bread]", "Waddle [Fish]", "", "Bread"),
        ("Waddle on! - Ana [Fish] [1/2/2024]", "Waddle on!", "Ana", "Fish"),
    ],
)
def test_a_line_is_read_no_further_than_it_is_clear(
    line: str, words: str, author: str, game: str
) -> None:
    (quote,) = read_quotes(line).quotes

    assert (quote.content, quote.author, quote.game) == (words, author, game)


@pytest.mark.parametrize(
    "text",
    [
        *("[]", "{}", "null", "[1, null, []]", '{"a": {"b": 1}}', "[" * 3000, '"'),
        *('[{"value": "["}]', '[{"value": [[], {}]}]', "quote,author\n", 'quote,author\n"a'),
        "text,date\nWaddle,99999999999999999999",
    ],
)
def test_nothing_that_is_pasted_breaks_it(chat: Chat, text: str) -> None:
    assert brings(chat, text)


def test_only_moderators_bring_quotes(chat: Chat) -> None:
    chat.says("Ana", "!importquotes")

    assert chat.heard() == ["!importquotes needs moderator."]
