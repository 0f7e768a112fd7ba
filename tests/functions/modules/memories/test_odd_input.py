"""What people type, paste and press that nobody thought of."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from functions.modules.memories.importing import read_quotes
from functions.modules.memories.module import MODULE
from functions.modules.memories.store import Memories
from tests.functions.modules.memories.answered_lines import a_reply
from tests.functions.modules.memories.letting_time_pass import let_time_pass
from waddlebot.stores.postgres import Connection
from waddlebot_sdk import Chat as Line
from waddlebot_sdk import CommunityInfo
from waddlebot_sdk.dialogue import Dialogue

Chat = Dialogue[Memories]
NOTHING_TO_SEE = "There is nothing in it that people could read. Say it in words."


def add(chat: Chat, *lines: str) -> None:
    for line in lines:
        chat.says("Max", line, role="moderator")
    chat.heard()


def brings(chat: Chat, text: str) -> str:
    chat.says("Max", "!importquotes", role="moderator")
    chat.submits("Max", {"quotes": text}, role="moderator")
    return chat.heard()[-1]


@pytest.mark.parametrize(
    "quoted",
    [
        *('"Waddle on"', "“Waddle on”", "„Waddle on“", "”Waddle on”", "«Waddle on»", "»Waddle on«"),
        *(
            "\u2039Waddle on\u203a",
            "\u203aWaddle on\u2039",
            "「Waddle on」",
            "『Waddle on』",
            "\uff02Waddle on\uff02",
        ),
    ],
)
@pytest.mark.parametrize("signed", ["{} - ana", "{} — ana", "{}-Ana", "{} Ana"])
def test_a_quote_stands_in_any_quotation_marks(chat: Chat, quoted: str, signed: str) -> None:
    add(chat, f"!addquote {signed.format(quoted)}", f"!addnote {quoted} words")

    chat.says("Ana", "!quote 1")
    chat.says("Ana", "!note 2")

    quote, note = chat.heard()
    assert quote.lower() == "#1: waddle on — ana"
    assert note == "#2: Waddle on: words"


@pytest.mark.parametrize("unseen", ["\u200b", '" " — Ana', "\u2800\u3164", '"\u200b" Ana'])
def test_what_nobody_would_see_is_not_kept(chat: Chat, unseen: str) -> None:
    add(chat, "!addquote Waddle on!")
    for line in (
        f"!addquote {unseen}",
        f"!memo {unseen[:1]}\u200b" if unseen[0] != '"' else "!memo \u200b",
        "!remind 10m \u200b",
        "!addnote \u200b words",
        "!memories edit 1 content \u200b",
    ):
        chat.says("Max", line, role="moderator")
    chat.says("Ana", "!quotes")

    assert chat.heard() == [*[NOTHING_TO_SEE] * 5, "Quotes: #1 Waddle on!"]


def test_an_answered_line_that_nobody_sees_is_not_kept(chat: Chat) -> None:
    chat.says("Max", "!addquote", role="moderator", data=a_reply(text="\u200b\u2800"))

    assert chat.heard() == [NOTHING_TO_SEE]


@pytest.mark.parametrize("number", ["0", "#0", "9", "1000000000", "-1", "99999999999999999999"])
def test_a_number_that_there_is_not_says_where_the_others_are(chat: Chat, number: str) -> None:
    add(chat, "!addquote Waddle on!")

    chat.says("Ana", f"!quote {number}")
    chat.says("Ana", f"!memories get {number}")

    quote, kept = chat.heard()
    assert quote.endswith("!quotes")
    assert kept.endswith("!memories list") or "is not a number." in kept


def test_a_number_of_another_kind_is_said_so(chat: Chat) -> None:
    add(chat, "!addurl Site x.org")

    chat.says("Ana", "!quote 1")
    chat.says("Ana", "!note 1")

    assert chat.heard() == [
        "#1 is a link, no quote. See it: !memories get 1",
        "#1 is a link, no note. See it: !memories get 1",
    ]


def test_a_list_has_a_line_each_whatever_stands_in_it(chat: Chat) -> None:
    add(chat, "!addquote Waddle\non\n\n!", "!addquote Fish\tfirst")

    chat.says("Ana", "!quotes")

    assert chat.heard() == ["Quotes: #2 Fish first · #1 Waddle on !"]


@pytest.mark.parametrize("name", ["quotes", "Quote", "url", "links", "notes"])
def test_no_category_is_called_like_a_kind(chat: Chat, name: str) -> None:
    chat.says("Max", f"!memories category add {name}", role="moderator")

    (line,) = chat.heard()
    assert line.endswith("Call the category something else: !memories category add wisdom")


@pytest.mark.parametrize(
    "name", ["हिन्दी", "ไทย", "émeute", "ΣΊΣΥΦΟΣ", "İstanbul", "raid-night", "🐧"]
)
def test_tags_and_categories_are_words_of_any_script(chat: Chat, name: str) -> None:
    add(chat, "!addquote Waddle on!", f"!memories category add {name}")

    chat.says("Max", f"!memories edit 1 tags #{name}", role="moderator")
    chat.says("Max", f"!memories edit 1 category {name}", role="moderator")
    for line in (f"!quotes #{name}", f"!quotes #{name.upper()}", f"!memories list {name}"):
        chat.says("Ana", line)

    *changed, by_tag, by_large_tag, by_category = chat.heard()
    assert changed == ["Changed. #1: Waddle on!"] * 2
    assert (by_tag, by_category) == ("Quotes: #1 Waddle on!", "Kept: #1 Waddle on!")
    assert by_large_tag == by_tag


def test_many_commas_behind_a_note_are_read_at_once(chat: Chat) -> None:
    """Each could stand in a tag or end it: it took days to try all ways."""
    started = time.process_time()

    chat.says("Max", f'!addnote Rules "be kind" {"a," * 60} and more', role="moderator")
    assert time.process_time() - started < 1
    chat.says("Ana", "!note 1")

    assert chat.heard()[-1].startswith('#1: Rules: "be kind" a,a,')


def test_a_tag_with_a_digit_first_is_found_and_a_number_is_none(chat: Chat) -> None:
    add(chat, "!addquote Waddle on!", "!memories edit 1 tags 1st")

    chat.says("Max", "!memories edit 1 tags 2024", role="moderator")
    chat.says("Ana", "!quotes #1st")

    refused, found = chat.heard()
    assert refused.startswith("'2024' is no tag.")
    assert found == "Quotes: #1 Waddle on!"


@pytest.mark.parametrize(
    ("typed", "sign"),
    [
        *(("👍🏽", "👍"), (":+1:", "👍"), (":thumbsup::skin-tone-4:", "👍"), ("likes", "👍")),
        *((":heart:", "❤"), (":joy:", "😂"), (":bulb:", "💡"), ("❤\ufe0f", "❤")),
    ],
)
def test_a_reaction_is_read_as_every_platform_writes_it(chat: Chat, typed: str, sign: str) -> None:
    add(chat, "!addquote Waddle on!")

    chat.says("Ana", f"!memories react 1 {typed}")

    assert chat.heard() == [f"{sign} for #1. ({sign} 1)"]


def test_an_author_is_taken_away(chat: Chat) -> None:
    add(chat, "!addquote Waddle on! — Ana")

    chat.says("Max", "!memories edit 1 author none", role="moderator")

    assert chat.heard() == ["Changed. #1: Waddle on!"]


@pytest.mark.parametrize(
    "text",
    [
        *('["a\\u0000b"]', '["\\ud800"]', '[{"text": "x", "originator": "\\u0000"}]'),
        *("Waddle [9999-12-31T23:59:59-14:00]", "Waddle [0001-01-01T00:00:00+14:00]"),
        *('[{"text": "x", "createdAt": "9999-12-31T23:59:59-14:00"}]', "quote,date\nx,0001-01-01"),
        *('[{"text": "x", "createdAt": 253402300799}]', "x [0999-01-01]", "\u2064<t:253402300799>"),
    ],
)
def test_nothing_that_is_brought_breaks_the_lists(memories: Memories, text: str) -> None:
    """What a database cannot hold, and days that some zone has no date for."""
    for zone in ("Asia/Tokyo", "America/New_York"):
        chat = Dialogue(MODULE, memories, community=CommunityInfo(id=1, name="D", time_zone=zone))
        told = brings(chat, text)
        assert "was kept" in told or "No quote was kept" in told
        for line in ("!quotes", "!quote", "!onthisday", "!memories get 1"):
            chat.says("Ana", line)
        assert len(chat.heard()) == 4


@pytest.mark.parametrize("said_at", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"])
def test_a_time_beyond_calendars_is_none(chat: Chat, said_at: str) -> None:
    chat.says("Max", "!addquote", role="moderator", data=a_reply(said_at=said_at))
    chat.says("Ana", "!quotes")
    chat.says("Ana", "!quote 1")

    assert chat.heard()[2] == "#1: Waddle on, whatever comes! — Ana"


@pytest.mark.parametrize(
    "text",
    [
        "quote;author\nWaddle on, all;Ana\nFish first;Max",
        "quote\tauthor\nWaddle on, all\tAna\nFish first\tMax",
        '\ufeff[{"text": "Waddle on, all", "originator": "Ana"}, {"text": "Fish first"}]',
        "\ufeffWaddle on, all — Ana\nFish first",
        "Quotes\nWaddle on, all — Ana\nFish first",
    ],
)
def test_lists_of_spreadsheets_come_as_they_were(chat: Chat, text: str) -> None:
    assert brings(chat, text) == "2 quotes were kept, as #1 to #2."

    chat.says("Ana", "!quote 1")

    assert chat.heard() == ["#1: Waddle on, all — Ana"]


def test_a_comma_that_makes_a_column_too_many_is_said(chat: Chat) -> None:
    told = brings(chat, "quote,author\nWaddle, on!,Ana\nFish,Max")

    assert told == (
        "1 quote was kept, as #1. Not kept: quote 1 of the text: "
        "it has more columns than the first line; put its words into quotation marks"
    )


def test_words_that_look_like_a_header_are_words() -> None:
    (quote,) = read_quotes("quote").quotes

    assert quote.content == "quote"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("every 2h stretch", "every 2 hours"),
        ("every 3d stretch", "every 3 days"),
        ("every 2 wk stretch", "every 2 weeks"),
        ("every fri 18:30 stretch", "every week"),
        ("stretch every day at 9:00", "every day"),
        ("me to stretch every 2 hours", "every 2 hours"),
        ("stretch every monday 20:00 until 24 jan", "every week"),
        ("“stretch” every day", "every day"),
        ("stretch daily", "every day"),
        ("every 1000 years 24 dec stretch, 1000 times", "every 1000 years"),
        ("every 1000 weeks 24 dec stretch, 1000 times", "every 1000 weeks"),
    ],
)
def test_how_often_is_read_where_people_put_it(chat: Chat, typed: str, said: str) -> None:
    chat.says("Ana", f"!remind {typed}")
    chat.says("Ana", "!reminders")

    told, listed = chat.heard()
    assert told.startswith(f"I will remind you {said}, first ")
    assert listed.endswith(f": stretch ({said})")


@pytest.mark.parametrize("typed", ["every 30m stretch", "stretch every 5 minutes", "every 10 s go"])
def test_more_often_than_every_hour_is_refused(chat: Chat, typed: str) -> None:
    chat.says("Ana", f"!remind {typed}")

    assert chat.heard() == [
        "What comes again comes every hour at most. Example: !remind every 2 hours stretch"
    ]


@pytest.mark.parametrize(
    "typed",
    ["every monday and thursday 20:00 go", "every mon, wed 20:00 go", "go every sat & sun 9:00"],
)
def test_two_days_are_not_taken_for_one(chat: Chat, typed: str) -> None:
    chat.says("Ana", f"!remind {typed}")
    chat.says("Ana", "!reminders")

    assert "(every" not in chat.heard()[1]


@pytest.mark.parametrize("typed", ["10m every day counts", "every second counts in 10m"])
def test_words_that_say_how_often_are_words_beside_a_time(chat: Chat, typed: str) -> None:
    chat.says("Ana", f"!remind {typed}")

    assert chat.heard() == ["I will remind you in 10 minutes."]


def test_one_turn_is_put_off_as_often_as_somebody_likes(chat: Chat, connection: Connection) -> None:
    chat.says("Ana", "!remind every day 13:00 eat")
    let_time_pass(chat, connection, hours=1)
    chat.heard()
    for _ in range(3):
        chat.says("Ana", "!snooze 10m")
    chat.says("Ana", "!reminders")
    assert chat.heard()[-1].count("eat") == 2  # the daily one, and the one that is put off

    said = []
    for _ in range(6):
        let_time_pass(chat, connection, minutes=10)
        said += chat.heard()
    assert said == ["⏰ Reminder for Ana: eat"]


def test_what_was_asked_for_privately_is_listed_to_nobody_else(
    chat: Chat, connection: Connection
) -> None:
    chat.says("Ana", "!remind 1h a public thing")
    chat.says("Ana", "!reminders")
    open_, listed = (one for one in chat.answers if isinstance(one, Line))
    assert [open_.secret, listed.secret] == [False, False]

    connection.execute("UPDATE reminders SET is_private = true")  # as where nobody else reads
    for line in ("!reminders", "!snooze 1 2h", "!forget 1"):
        chat.says("Ana", line)
    chat.wait(timedelta(minutes=1))

    told = [one for one in chat.answers if isinstance(one, Line)][2:]
    assert [one.secret for one in told] == [True, True, True]


def test_a_pin_is_handed_out(memories: Memories) -> None:
    from functions.modules.memories.personal_data import export

    chat = Dialogue(MODULE, memories, config={"pins": 3})
    chat.says("Ana", "!pin", data=a_reply())

    (record,) = export(1, "twitch", "ana", memories)
    assert (record["kind"], record["content"]) == ("pin", "901")


def test_numbers_of_five_digits_are_offered_too(chat: Chat, connection: Connection) -> None:
    add(chat, "!addquote Waddle on!")
    connection.execute("UPDATE memories SET number = 12345")

    assert chat.completes("!quote 12345") == ["12345"]
