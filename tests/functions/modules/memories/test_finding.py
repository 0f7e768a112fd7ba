"""What is kept is found by what people remember of it: a word, an ending, a tag, nearly a word."""

from __future__ import annotations

import pytest

from functions.modules.memories.module import MODULE
from functions.modules.memories.store import Memories
from waddlebot.stores.postgres import Connection
from waddlebot_sdk import CommunityInfo
from waddlebot_sdk.dialogue import Dialogue

Chat = Dialogue[Memories]
MAKES_ONE = "A moderator makes one: !memories category add <name>"
PUT_IN = "Put something in it: !memories edit <number> category"


def add(chat: Chat, *lines: str) -> None:
    for line in lines:
        chat.says("Max", line, role="moderator")
    chat.heard()


def test_a_word_is_found_whatever_its_ending(chat: Chat) -> None:
    add(chat, "!addquote The penguins were running — Ana", "!addquote Fish first")

    for words in ("run", "penguin runs", "ana penguin", "fishes"):
        chat.says("Olga", f"!quotes {words}")

    assert chat.heard() == [
        "Quotes: #1 The penguins were running",
        "Quotes: #1 The penguins were running",
        "Quotes: #1 The penguins were running",
        "Quotes: #2 Fish first",
    ]


def test_endings_are_those_of_the_communitys_language(memories: Memories) -> None:
    german = CommunityInfo(id=1, name="Demo", language="de-AT")
    chat = Dialogue(MODULE, memories, community=german)
    add(chat, "!addquote Die Häuser brennen — Ana", "!addquote Fisch zuerst")

    chat.says("Ana", "!quotes haus")
    chat.says("Ana", "!quotes häusern")

    assert chat.heard() == ["Quotes: #1 Die Häuser brennen"] * 2


def test_of_a_language_that_is_not_known_words_are_found_as_they_are(memories: Memories) -> None:
    odd = CommunityInfo(id=1, name="Demo", language="tlh")
    chat = Dialogue(MODULE, memories, community=odd)
    add(chat, "!addquote nuqneH jagh")

    chat.says("Ana", "!quotes jagh nuqneh")

    assert chat.heard() == ["Quotes: #1 nuqneH jagh"]


@pytest.mark.parametrize("typed", ["wadle", "waddel on", "Wadlde", "pengiun wadle"])
def test_what_is_mistyped_is_told_with_what_is_near(chat: Chat, typed: str) -> None:
    add(chat, "!addquote Waddle on, penguin!", "!addquote Bread first")

    chat.says("Ana", f"!quote {typed}")

    assert chat.heard() == [
        f"No quote has '{typed}' in it. Near it: #1 Waddle on, penguin!",
    ]


def test_what_is_near_nothing_stays_so(chat: Chat) -> None:
    add(chat, "!addquote Waddle on!")

    for words in ("xylophone", "%", "🐧", "a" * 400):
        chat.says("Ana", f"!memories search {words}")

    assert all(line.startswith("Nothing kept has '") for line in chat.heard())
    assert not any("Near" in line for line in chat.heard())


@pytest.mark.parametrize(
    "hostile",
    ["' & | ! ( :*", "a' OR 1=1 --", "\\", "%(words)s {0}", "fish:* & !x", '"', "<-> fish"],
)
def test_no_sign_that_somebody_types_means_anything_to_the_search(chat: Chat, hostile: str) -> None:
    add(chat, "!addquote Waddle on!")

    chat.says("Ana", f"!memories search {hostile}")

    assert len(chat.heard()) == 1


def test_tags_are_hung_found_and_taken(chat: Chat) -> None:
    add(chat, "!addquote Waddle on!", "!addquote Fish first", '!addnote Rules "be kind" law, chat')

    chat.says("Max", "!memories edit 1 tags raid, #Funny raid", role="moderator")
    for line in ("!quotes #funny", "!memories search #law", "!quote #raid waddle", "!quote #law"):
        chat.says("Ana", line)
    chat.says("Ana", "!memories get 1")
    chat.says("Max", "!memories edit 1 tags none", role="moderator")
    chat.says("Ana", "!quotes #funny")

    heard = chat.heard()
    assert heard[:5] == [
        "Changed. #1: Waddle on!",
        "Quotes: #1 Waddle on!",
        "Kept: #3 Rules",
        "#1: Waddle on!",
        "No quote has the tag #law. See what there is: !quotes",
    ]
    assert heard[5].endswith("shown 2 times) #raid #funny")
    assert heard[7] == "No quote has the tag #funny. See what there is: !quotes"


def test_a_tag_is_a_word_and_there_are_ten(chat: Chat) -> None:
    add(chat, "!addquote Waddle on!")

    chat.says("Max", "!memories edit 1 tags a/b", role="moderator")
    many = " ".join(f"t{n}" for n in range(11))
    chat.says("Max", f"!memories edit 1 tags {many}", role="moderator")

    wrong, too_many = chat.heard()
    assert wrong.startswith("'a/b' is no tag. One is a word of letters, digits, - and _ with at")
    assert too_many == "A memory has at most 10 tags."


def test_categories_are_made_filled_listed_and_dropped(chat: Chat) -> None:
    add(chat, "!addquote Waddle on!", "!addquote Fish first", "!addnote Rules be kind")
    for line in (
        "!memories categories",
        "!memories edit 1 category wisdom",
        '!memories category add Wisdom "What to live by"',
        "!mem category add food",
        "!memories edit 1 category wisdom",
        "!memories edit 3 category WISDOM",
        "!memories edit 2 category food",
        "!memories categories",
        "!memories list wisdom",
        "!memories edit 3 category none",
        "!memories list birds",
        "!memories category drop wisdom",
        "!memories category drop wisdom",
        "!memories get 1",
    ):
        chat.says("Max", line, role="moderator")

    heard = chat.heard()
    assert heard[:10] == [
        f"There are no categories yet. {MAKES_ONE}",
        f"There is no category 'wisdom'. There are none yet. {MAKES_ONE}",
        f"There is a category wisdom now. {PUT_IN} wisdom",
        f"There is a category food now. {PUT_IN} food",
        "Changed. #1: Waddle on!",
        "Changed. #3: Rules: be kind",
        "Changed. #2: Fish first",
        "Categories: food (1) · wisdom (2): What to live by",
        "Kept: #3 Rules · #1 Waddle on!",
        "Changed. #3: Rules: be kind",
    ]
    assert heard[10] == (
        "I keep quotes, urls and notes, in the categories food, wisdom, not 'birds'. "
        "Try: !memories list quotes"
    )
    assert heard[11:13] == [
        "The category wisdom is gone; 1 in it stay kept.",
        f"There is no category 'wisdom'. There are: food. {MAKES_ONE}",
    ]
    assert " in wisdom," not in heard[13]


def test_a_category_is_one_word_and_there_are_twentyfive(chat: Chat) -> None:
    chat.says("Max", '!memories category add "two words"', role="moderator")
    add_all = [f"!memories category add c{number}" for number in range(26)]
    for line in add_all:
        chat.says("Max", line, role="moderator")

    heard = chat.heard()
    assert heard[0].startswith("A category is called by one word of at most 32 letters, not 'two")
    assert heard[-1].startswith("There are 25 categories already. Drop one first:")


def test_what_is_old_is_found_as_it_stands_and_costs_no_more(
    chat: Chat, connection: Connection
) -> None:
    add(chat, "!addquote The penguins were running — Ana")
    connection.execute("UPDATE memory_numbers SET last = 5000")

    for words in ("penguins were", "penguin run", "wadle runing"):
        chat.says("Ana", f"!quotes {words}")

    found, *not_found = chat.heard()
    assert found == "Quotes: #1 The penguins were running"
    assert not_found == [
        f"No quote has '{words}' in it. See what there is: !quotes"
        for words in ("penguin run", "wadle runing")
    ]
