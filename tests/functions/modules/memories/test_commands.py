"""Quotes, links and notes, as they are talked about in chat."""

from __future__ import annotations

import pytest

from functions.modules.memories.module import MODULE
from functions.modules.memories.store import Memories
from functions.modules.memories.texts import VERBS
from waddlebot_sdk import CommunityInfo, Ticker
from waddlebot_sdk.dialogue import Dialogue
from waddlebot_sdk.shown import Shown, show_time

Chat = Dialogue[Memories]


def add(chat: Chat, *lines: str) -> None:
    """A moderator adds something; what chat says to that is left aside."""
    for line in lines:
        chat.says("Max", line, role="moderator")
    chat.heard()


def test_a_quote_is_kept_and_shown_by_its_number(chat: Chat) -> None:
    chat.says("Ana", "!addquote Waddle on!", role="moderator")
    assert chat.heard() == ["Kept as quote #1."]

    chat.says("Ana", "!quote 1")
    chat.says("Ana", "!quote #1")
    assert chat.heard() == ["#1: Waddle on!", "#1: Waddle on!"]


def test_a_new_quote_scrolls_through_the_overlay_unless_that_is_off(memories: Memories) -> None:
    loud, calm = (Dialogue(MODULE, memories, config={"ticker": on}) for on in (True, False))

    loud.says("Max", "!addquote Waddle on! — Ana", role="moderator")
    calm.says("Max", "!addquote Hush", role="moderator")

    assert loud.shown() == [Ticker("New quote #1: Waddle on! — Ana")]
    assert calm.shown() == []


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("!addquote Waddle on! — Ana", "#1: Waddle on! — Ana"),
        ("!addquote Waddle on! - Ana of Oslo", "#1: Waddle on! — Ana of Oslo"),
        ('!addquote "Waddle on!" Ana', "#1: Waddle on! — Ana"),
        ("!addquote “Waddle on!” — Ana", "#1: Waddle on! — Ana"),
        ("!addquote “Stop - and go”", "#1: Stop - and go"),
        ("!addquote a well-known fact", "#1: a well-known fact"),
        ("!addquote Waddle on! -Ana", "#1: Waddle on! — Ana"),
        ("!addquote Waddle on -Ana", "#1: Waddle on — Ana"),
        ('!addquote "Waddle on!" -Ana', "#1: Waddle on! — Ana"),
        ('!addquote "Waddle on!"-Ana', "#1: Waddle on! — Ana"),
        ("!addquote “Waddle on!” \u2013 Ana", "#1: Waddle on! — Ana"),
        ("!addquote «Waddle on!» — Ana, 2026", "#1: Waddle on! — Ana, 2026"),
        ('!addquote "3 - 0" - Max', "#1: 3 - 0 — Max"),
        ("!addquote Waddle on! -- ana", "#1: Waddle on! — ana"),
        ("!addquote Waddle on! - ana", "#1: Waddle on! — ana"),
        ("!addquote Waddle — ana", "#1: Waddle — ana"),
        ("!addquote Waddle on - <@80351110224678912>", "#1: Waddle on — <@80351110224678912>"),
        ("!addquote Waddle on -@ana_99", "#1: Waddle on — @ana_99"),
        ("!addquote Make it so — Jean-Luc Picard", "#1: Make it so — Jean-Luc Picard"),
        ("!addquote I have a dream — King Jr.", "#1: I have a dream — King Jr."),
        ("!addquote قل لا — علي", "#1: قل لا — علي"),
        ("!addquote 3 - 0", "#1: 3 - 0"),
        ("!addquote we won 3 - 0", "#1: we won 3 - 0"),
        ("!addquote well-known", "#1: well-known"),
        ("!addquote a - b = c", "#1: a - b = c"),
        ("!addquote A - B = C", "#1: A - B = C"),
        ("!addquote it was late - too late", "#1: it was late - too late"),
        ("!addquote it was late — too late", "#1: it was late — too late"),
        ("!addquote now \u2013 never.", "#1: now \u2013 never."),
        ("!addquote I left. - Then I came back.", "#1: I left. - Then I came back."),
        ("!addquote rm -rf", "#1: rm -rf"),
        ("!addquote it is -5 outside", "#1: it is -5 outside"),
        ("!addquote Bayern - Dortmund 3:1", "#1: Bayern - Dortmund 3:1"),
        ('!addquote "Hello" he said', '#1: "Hello" he said'),
        ("!addquote — Ana", "#1: — Ana"),
        ('!memories add quote "Waddle on!" Ana', "#1: Waddle on! — Ana"),
        ("!mem add quote Waddle on!", "#1: Waddle on!"),
    ],
)
def test_the_author_of_a_quote_may_follow(chat: Chat, typed: str, shown: str) -> None:
    add(chat, typed)

    chat.says("Ana", "!quote 1")

    assert chat.heard() == [shown]


def test_a_quote_can_be_asked_for_by_words_or_left_to_chance(chat: Chat) -> None:
    add(chat, "!addquote Waddle on!", "!addquote Fish first")

    chat.says("Ana", "!quote FISH")
    chat.says("Ana", "!quote")

    by_words, by_chance = chat.heard()
    assert by_words == "#2: Fish first"
    assert by_chance in ("#1: Waddle on!", "#2: Fish first")


def test_nothing_found_names_what_was_asked_for(chat: Chat) -> None:
    chat.says("Ana", "!quote")
    chat.says("Ana", "!quote 9")
    chat.says("Ana", "!quote whales")
    chat.says("Ana", "!memories get 9")

    assert chat.heard() == [
        "No quotes yet. A moderator adds one: !addquote <words>",
        "There is no quote #9. See those there are: !quotes",
        "No quote has 'whales' in it. See what there is: !quotes",
        "There is nothing kept as #9. See what there is: !memories list",
    ]


def test_a_viewer_cannot_add_change_or_delete(chat: Chat) -> None:
    for line in (
        "!addquote no",
        "!addurl a b.org",
        "!memories add note a b",
        "!memories edit 1 author me",
        "!mem delete 1",
    ):
        chat.says("Ana", line)

    assert [line.partition(" needs ")[2] for line in chat.heard()] == ["moderator."] * 5


def test_a_link_gets_its_scheme(chat: Chat) -> None:
    add(chat, '!addurl "Our site" fish.example.org all about fish')
    add(chat, "!addurl Local localhost:80/a", "!addurl Plain http://example.org")

    chat.says("Ana", "!urls")

    (line,) = chat.heard()
    assert line.split(" · ") == [
        "Links: #3 Plain http://example.org",
        "#2 Local https://localhost:80/a",
        "#1 Our site https://fish.example.org",
    ]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("<https://x.org/a>", "https://x.org/a"),
        ("<https://x.org/a|x.org/a>", "https://x.org/a"),
        ("<http://x.org|x.org>", "http://x.org"),
        ("https://x.org/a.", "https://x.org/a"),
        ("(https://x.org/a),", "https://x.org/a"),
        ("<https://x.org/a>.", "https://x.org/a"),
        ("https://x.org/A_(b)", "https://x.org/A_(b)"),
        ("x.org/a?b=c!", "https://x.org/a?b=c"),
    ],
)
def test_an_address_is_read_as_chats_wrap_and_people_end_it(
    chat: Chat, typed: str, kept: str
) -> None:
    add(chat, f"!addurl Site {typed}", f"!addurl Other {typed} all about fish")
    add(chat, "!addurl Third z.org", f"!memories edit 3 url {typed}")

    for number in (1, 2, 3):
        chat.says("Ana", f"!memories get {number}")

    first, second, third = chat.heard()
    assert first.startswith(f"#1: Site: {kept} (link,")
    assert second.startswith(f"#2: Other: {kept} (all about fish)")
    assert third.startswith(f"#3: Third: {kept} (")


def test_an_address_has_no_words_behind_it(chat: Chat) -> None:
    add(chat, "!addurl Site x.org")

    chat.says("Max", "!memories edit 1 url <https://y.org> and more", role="moderator")

    assert "is not a web address" in chat.heard()[0]


@pytest.mark.parametrize(
    "address",
    ["https://good.org@evil.org", "javascript:alert(1)", "ftp://x.org", "https://", "http://["],
)
def test_only_web_addresses_are_kept(chat: Chat, address: str) -> None:
    chat.says("Max", f"!addurl Site {address}", role="moderator")

    assert chat.heard() == [
        f"'{address}' is not a web address. Try https://example.org; only http and https."
    ]


def test_a_note_is_found_by_its_title(chat: Chat) -> None:
    add(chat, '!addnote "Game night" every Friday at eight', "!addnote Rules be kind")

    chat.says("Ana", "!note game night")
    chat.says("Ana", "!mem note 2")

    assert chat.heard() == ["#1: Game night: every Friday at eight", "#2: Rules: be kind"]


def test_a_long_list_is_paged(chat: Chat) -> None:
    add(chat, *(f"!addquote number {n} {'x' * 60}" for n in range(1, 21)))

    for line in ("!quotes", "!quotes 2", "!quotes 3", "!quotes number 1 page 2", "!mem list 3"):
        chat.says("Ana", line)
    first, second, third, words, kept = chat.heard()

    assert first.startswith("Quotes: #20 number 20 xxx")
    assert first.endswith(" Page 1 of 3; !quotes 2 goes on.")
    assert second.endswith(" Page 2 of 3; !quotes 3 goes on.")
    assert third.endswith(f"#1 number 1 {'x' * 30}… Page 3 of 3.")
    assert sum(line.count("#") for line in (first, second, third)) == 20
    assert words.endswith(" Page 2 of 2.")
    assert kept.endswith(" Page 3 of 3.")
    assert all(len(line) < 500 for line in (first, second, third))


def test_a_page_that_does_not_exist_gets_a_sentence(chat: Chat) -> None:
    add(chat, "!addquote one")

    for line in ("!quotes 2", "!mem list quotes 0", "!mem list quotes x", "!quotes one page 9"):
        chat.says("Ana", line)

    assert chat.heard() == [
        "There is no page 2: all of it is on one, !quotes",
        "There is no page 0: all of it is on one, !memories list quotes",
        "'x' is no page. Say its number: !memories list quotes 2",
        "There is no page 9: all of it is on one, !quotes one",
    ]


def test_one_address_is_shown_whole_however_long_it_is(chat: Chat) -> None:
    address = f"https://x.org/{'y' * 480}"
    add(chat, f"!addurl Long {address}", f"!addurl Longer {address}")

    chat.says("Ana", "!urls")

    (line,) = chat.heard()
    assert line == f"Links: #2 Longer {address} · Page 1 of 2; !urls 2 goes on."


def test_the_list_can_be_narrowed_to_a_kind(chat: Chat) -> None:
    add(chat, "!addquote one", "!addnote two second", "!addurl three x.org")

    for line in ("!memories list", "!memories list notes", "!mem list link", "!mem list birds"):
        chat.says("Ana", line)

    assert chat.heard() == [
        "Kept: #3 three https://x.org · #2 two · #1 one",
        "Notes: #2 two",
        "Links: #3 three https://x.org",
        "I keep quotes, urls and notes, not 'birds'. Try: !memories list quotes",
    ]


def test_search_looks_everywhere_and_takes_words_as_they_are(chat: Chat) -> None:
    add(chat, "!addquote 100% fish — Ana", "!addnote Fish the menu", "!addurl Fish_shop f.org")

    for words in ("fish", "ana", "0% F", "h_s", "f.org", "%"):
        chat.says("Ana", f"!memories search {words}")

    found = [line.count("#") for line in chat.heard()]
    assert found == [3, 1, 1, 1, 1, 1]


def test_one_thing_tells_its_story(chat: Chat, memories: Memories) -> None:
    add(chat, "!addquote Waddle on!")
    chat.says("Ana", "!quote 1")
    chat.heard()

    chat.says("Ana", "!memories get 1")

    kept = memories.find(1, 1)
    assert kept is not None
    day = show_time(kept.created_at, Shown.DAY)
    assert chat.heard() == [f"#1: Waddle on! (quote, kept by Max on {day}, shown 2 times)"]


def test_parts_can_be_changed_as_far_as_the_thing_has_them(chat: Chat) -> None:
    add(chat, "!addquote Waddle on", "!addurl Site x.org", "!addnote Title words")

    for line in (
        "!memories edit 1 author Ana B",
        "!memories edit 2 URL y.org",
        "!memories edit 3 content other words",
        "!memories edit 1 title Captain",
        "!memories edit 2 url ftp://z",
        "!memories edit 9 title x",
        "!memories edit x title x",
    ):
        chat.says("Max", line, role="moderator")

    assert chat.heard() == [
        "Changed. #1: Waddle on — Ana B",
        "Changed. #2: Site: https://y.org",
        "Changed. #3: Title: other words",
        "A quote has no 'title' to change. It has: content, author, game, tags, category.",
        "'ftp://z' is not a web address. Try https://example.org; only http and https.",
        "There is nothing kept as #9. See what there is: !memories list",
        "'x' is not a number. Lists show the numbers, for example #3.",
    ]


def test_a_number_is_never_given_twice(chat: Chat) -> None:
    add(chat, "!addquote one", "!addquote two")

    chat.says("Max", "!memories delete 2", role="moderator")
    chat.says("Max", "!memories delete 2", role="moderator")
    chat.says("Max", "!addquote three", role="moderator")
    chat.says("Ana", "!quote 2")

    assert chat.heard() == [
        "Deleted quote #2: two",
        "There is nothing kept as #2. See what there is: !memories list",
        "Kept as quote #3.",
        "There is no quote #2. See those there are: !quotes",
    ]


def test_another_community_neither_sees_nor_changes_anything(
    chat: Chat, memories: Memories
) -> None:
    add(chat, "!addquote ours")
    theirs = Dialogue(MODULE, memories, community=CommunityInfo(id=2, name="Other"))

    for line in ("!quote 1", "!quotes", "!memories search ours", "!memories delete 1"):
        theirs.says("Olga", line, role="owner")
    theirs.says("Olga", "!addquote theirs", role="owner")

    assert theirs.heard() == [
        "There is no quote #1. See those there are: !quotes",
        "No quotes yet. A moderator adds one: !addquote <words>",
        "Nothing kept has 'ours' in it. See what there is: !memories list",
        "There is nothing kept as #1. See what there is: !memories list",
        "Kept as quote #1.",
    ]


@pytest.mark.parametrize(
    "hostile",
    ["@everyone '; DROP TABLE memories; --x", "{0} %s %(words)s \\", "<!channel> @here 🐧" * 9],
)
def test_hostile_text_is_kept_as_it_is(chat: Chat, hostile: str) -> None:
    add(chat, f"!addquote {hostile}")

    chat.says("Ana", "!quote 1")

    assert chat.heard() == [f"#1: {hostile}"]


def test_what_is_too_long_is_refused_with_both_lengths(chat: Chat) -> None:
    for line in (
        f"!addquote {'x' * 501}",
        f"!addnote {'x' * 101} words",
        f"!addquote words — {'x' * 101}",
        f"!addurl site x.org/{'x' * 500}",
    ):
        chat.says("Max", line, role="moderator")

    assert chat.heard() == [
        "That is 501 characters long; at most 500 can be kept. Shorten it.",
        "That is 101 characters long; at most 100 can be kept. Shorten it.",
        "That is 101 characters long; at most 100 can be kept. Shorten it.",
        "That is 514 characters long; at most 500 can be kept. Shorten it.",
    ]


def test_an_unknown_verb_lists_those_there_are(chat: Chat) -> None:
    chat.says("Ana", "!memories frobnicate 3")
    chat.says("Ana", "!mem")

    unknown, plain = chat.heard()
    assert unknown.startswith("'frobnicate 3' is nothing that !memories does. It knows: add quote,")
    assert plain.startswith("Say: add quote, add url")


def test_the_verbs_that_are_listed_are_those_that_are_declared() -> None:
    declared = {
        path.removeprefix("memories ")
        for found in MODULE.commands
        for path in found.paths
        if path.startswith("memories ")
    }

    assert set(VERBS) == declared
