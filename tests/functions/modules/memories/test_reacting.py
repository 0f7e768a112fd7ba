"""What people think of what is kept, and lines that so many want kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from functions.modules.memories.module import MODULE
from functions.modules.memories.personal_data import erase, export
from functions.modules.memories.store import Memories
from tests.functions.modules.memories.answered_lines import a_reply
from waddlebot_sdk import Buttons, CommunityInfo
from waddlebot_sdk.dialogue import Dialogue

Chat = Dialogue[Memories]
NONE_OF = (
    "'hate' is none of: like 👍, love ❤, laugh 😂, helpful 💡. Example: !memories react 3 laugh"
)
PINS_ARE_OFF = (
    "Pins keep no lines here. An admin says how many it takes: pins = 3 under "
    "[modules.memories] in the community's text."
)


@pytest.fixture
def pinning(memories: Memories) -> Chat:
    return Dialogue(MODULE, memories, config={"pins": 3})


def add(chat: Chat, *lines: str) -> None:
    for line in lines:
        chat.says("Max", line, role="moderator")
    chat.heard()


def test_everybody_reacts_once_and_may_take_it_back(chat: Chat) -> None:
    add(chat, "!addquote Waddle on!")

    for name, line in (
        ("Ana", "!memories react 1"),
        ("Max", "!mem react #1 LIKE"),
        ("Ana", "!memories react 1 😂"),
        ("Ana", "!memories react 1 ❤️"),
        ("Ana", "!memories react 1"),
        ("Ana", "!memories react 9"),
        ("Ana", "!memories react 1 hate"),
    ):
        chat.says(name, line)

    assert chat.heard() == [
        "👍 for #1. (👍 1)",
        "👍 for #1. (👍 2)",
        "😂 for #1. (👍 2, 😂 1)",
        "❤ for #1. (👍 2, ❤ 1, 😂 1)",
        "👍 taken back from #1. (👍 1, ❤ 1, 😂 1)",
        "There is nothing kept as #9. See what there is: !memories list",
        NONE_OF,
    ]


def test_the_button_below_a_quote_likes_it_in_its_place(chat: Chat) -> None:
    add(chat, "!addquote Waddle on!")

    chat.says("Ana", "!quote")
    chat.clicks("Ana", "👍")
    chat.clicks("Max", "👍")
    chat.clicks("Ana", "👍")

    assert chat.heard() == [
        "#1: Waddle on!",
        "#1: Waddle on! (👍 1)",
        "#1: Waddle on! (👍 2)",
        "#1: Waddle on! (👍 1)",
    ]
    offered = chat.offered()
    assert isinstance(offered, Buttons)
    assert offered.terms.in_place


def test_what_most_people_like_is_listed_first(chat: Chat) -> None:
    add(chat, "!addquote Waddle on!", "!addquote Fish first", "!addquote Nobody likes me")
    chat.says("Ana", "!memories top")
    for name, line in (
        ("Ana", "!memories react 1"),
        ("Ana", "!memories react 2"),
        ("Ana", "!memories react 2 love"),
        ("Max", "!memories react 2 laugh"),
    ):
        chat.says(name, line)
    none_yet = chat.heard()[0]

    chat.says("Olga", "!memories top")
    chat.says("Olga", "!memories get 2")

    listed, story = chat.heard()
    assert none_yet == "Nobody reacted to anything yet. Be the first: !memories react 3 like"
    assert listed == "Most liked: #2 Fish first (2) · #1 Waddle on! (1)"
    assert story.endswith("shown 1 time) (👍 1, ❤ 1, 😂 1)")


def test_so_many_pins_keep_a_line(pinning: Chat) -> None:
    chat = pinning
    for name in ("Max", "Max", "Olga", "Ben", "Ida"):
        chat.says(name, "!pin", data=a_reply())

    assert chat.heard() == [
        "📌 1 of 3: 2 more, and that line is kept as a quote.",
        "📌 1 of 3: 2 more, and that line is kept as a quote.",
        "📌 2 of 3: 1 more, and that line is kept as a quote.",
        "Kept as quote #1.",
        "That line is quote #1 already.",
    ]
    chat.says("Ida", "!quote waddle")
    assert chat.heard()[0].startswith("#1: Waddle on, whatever comes! — Ana")


def test_pins_of_a_week_ago_count_no_more(pinning: Chat) -> None:
    chat = pinning
    chat.says("Max", "!pin", data=a_reply())
    chat.wait(timedelta(days=8))
    chat.says("Olga", "!pin", data=a_reply())

    assert chat.heard()[1] == "📌 1 of 3: 2 more, and that line is kept as a quote."


@pytest.mark.parametrize(
    ("pins", "answer"),
    [
        (0, PINS_ARE_OFF),
        (-1, PINS_ARE_OFF),
        (1, "Kept as quote #1."),
    ],
)
def test_a_community_says_how_many_pins_there_must_be(
    memories: Memories, pins: int, answer: str
) -> None:
    chat = Dialogue(MODULE, memories, config={"pins": pins})

    chat.says("Max", "!pin", data=a_reply())

    assert chat.heard() == [answer]


def test_what_cannot_be_pinned_is_said(memories: Memories, pinning: Chat) -> None:
    chat = pinning
    slack = Dialogue(MODULE, memories, entity="slack:channel:T1/C1", config={"pins": 3})
    chat.says("Max", "!pin")
    chat.says("Ana", "!pin", data=a_reply(user_id="ana"))
    slack.says("Max", "!pin")

    assert [*chat.heard(), *slack.heard()] == [
        "Answer the line that you want kept with !pin.",
        "Others decide whether a line of yours is kept. Pin one of somebody else's.",
        "Slack does not tell me which line you answer. React to it with 📌 instead.",
    ]


def test_another_community_reacts_to_nothing_of_ours(chat: Chat, memories: Memories) -> None:
    add(chat, "!addquote ours")
    theirs = Dialogue(MODULE, memories, community=CommunityInfo(id=2, name="Other"))

    theirs.says("Olga", "!memories react 1", role="owner")
    theirs.says("Olga", "!memories top", role="owner")
    chat.says("Ana", "!memories get 1")

    assert theirs.heard()[0] == "There is nothing kept as #1. See what there is: !memories list"
    assert chat.heard()[0].endswith("shown 1 time)")


def test_reactions_and_pins_are_erased(pinning: Chat, memories: Memories) -> None:
    chat = pinning
    add(chat, "!addquote Waddle on!")
    chat.says("Ana", "!memories react 1 love")
    chat.says("Ana", "!pin", data=a_reply())
    chat.heard()

    assert [one["kind"] for one in export(1, "twitch", "ana", memories)] == ["reaction", "pin"]
    assert erase(1, "twitch", "ana", memories) == 2

    chat.says("Max", "!memories top")
    chat.says("Max", "!pin", data=a_reply())
    assert chat.heard()[1] == "📌 1 of 3: 2 more, and that line is kept as a quote."
