"""Memos: what a person keeps for nobody else."""

from __future__ import annotations

from functions.modules.memories.module import MODULE
from functions.modules.memories.personal_data import erase, export
from functions.modules.memories.store import Memories
from waddlebot_sdk import Chat as Line
from waddlebot_sdk import CommunityInfo
from waddlebot_sdk.dialogue import Dialogue

Chat = Dialogue[Memories]


def test_a_memo_is_read_by_its_person_and_nobody_else(chat: Chat) -> None:
    chat.says("Ana", "!memo my key is under the mat")
    chat.says("Ana", "!memo buy fish")
    chat.says("Max", "!memos", role="owner")
    chat.says("Max", "!memories search key", role="owner")
    chat.says("Max", "!memos drop 1", role="owner")
    chat.says("Ana", "!memos")
    chat.says("Ana", "!memos KEY")
    chat.says("Ana", "!memos bread")

    assert chat.heard() == [
        "Kept for you alone as memo #1. Yours: !memos",
        "Kept for you alone as memo #2. Yours: !memos",
        "You have no memos. Keep one: !memo <words>",
        "Nothing kept has 'key' in it. See what there is: !memories list",
        "You have no memo #1. See yours: !memos",
        "Your memos: #2 buy fish · #1 my key is under the mat",
        "Your memos: #1 my key is under the mat",
        "You have no memo with 'bread' in it.",
    ]


def test_its_words_are_told_to_one_person_or_to_nobody(chat: Chat) -> None:
    chat.says("Ana", "!memo my key is under the mat")
    chat.says("Ana", "!memos")

    kept, listed = (answer for answer in chat.answers if isinstance(answer, Line))
    assert kept.private
    assert "key" not in kept.text
    assert listed.secret
    typed = MODULE.find_command("memo")
    assert typed.secret


def test_a_memo_is_dropped_and_its_number_is_not_given_again(chat: Chat) -> None:
    for line in ("!memo one", "!memo two", "!memos drop 2", "!memos drop 2", "!memo three"):
        chat.says("Ana", line)

    assert chat.heard()[2:] == [
        "Memo #2 is gone.",
        "You have no memo #2. See yours: !memos",
        "Kept for you alone as memo #3. Yours: !memos",
    ]


def test_there_are_a_hundred_listed_by_pages(chat: Chat) -> None:
    for number in range(101):
        chat.says("Ana", f"!memo thing {number} {'x' * 40}")
    refused = chat.heard()[-1]
    chat.says("Ana", "!memos")
    chat.says("Ana", "!memos thing page 2")

    first, second = chat.heard()
    assert refused == "You have 100 memos already. Drop one first: !memos drop <number>"
    assert first.endswith("; !memos 2 goes on.")
    assert "!memos thing page 3 goes on." in second


def test_elsewhere_and_on_another_platform_nothing_is_known_of_it(memories: Memories) -> None:
    here = Dialogue(MODULE, memories)
    other_place = Dialogue(MODULE, memories, community=CommunityInfo(id=2, name="Other"))
    other_platform = Dialogue(MODULE, memories, entity="discord:channel:1/2")
    here.says("Ana", "!memo a secret")

    for chat in (other_place, other_platform):
        chat.says("Ana", "!memos")
        assert chat.heard() == ["You have no memos. Keep one: !memo <words>"]


def test_memos_are_handed_out_and_erased(chat: Chat, memories: Memories) -> None:
    chat.says("Ana", "!memo a secret")
    chat.says("Max", "!memo another")
    chat.heard()

    (record,) = export(1, "twitch", "ana", memories)
    assert (record["kind"], record["content"]) == ("memo", "a secret")
    assert erase(1, "twitch", "ana", memories) == 1
    assert export(1, "twitch", "ana", memories) == []
    chat.says("Max", "!memos")
    assert chat.heard() == ["Your memos: #2 another"]
