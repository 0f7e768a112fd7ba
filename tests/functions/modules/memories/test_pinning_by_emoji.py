"""📌 at a line: so many people keep it, once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

import pytest

from functions.modules.memories.module import MODULE
from functions.modules.memories.people import Somebody
from functions.modules.memories.store import Memories
from tests.functions.modules.memories.answered_lines import a_reply
from waddlebot.stores.postgres import Postgres
from waddlebot_sdk import Ticker
from waddlebot_sdk.dialogue import Dialogue

Chat = Dialogue[Memories]
PUT_AWAY = (
    "That line was a quote, and a moderator deleted it. One of them may keep it anew: !addquote"
)


@pytest.fixture
def pinning(memories: Memories) -> Chat:
    return Dialogue(MODULE, memories, entity="discord:channel:10/20", config={"pins": 3})


def pins(chat: Chat, *names: str, **line: str) -> None:
    for name in names:
        chat.happens("reaction", a_pin(**line), to=name)


def a_pin(**line: str) -> dict[str, Any]:
    return {"action": "📌", "emoji": "📌", "line": a_reply(**line)["replied_to"]}


def test_so_many_keep_a_line_once(pinning: Chat) -> None:
    pins(pinning, "Max", "Max", "Olga")
    assert pinning.heard() == []

    pins(pinning, "Ben")
    assert pinning.heard() == ["Kept as quote #1."]
    assert pinning.shown() == [Ticker("New quote #1: Waddle on, whatever comes! — Ana")]

    pins(pinning, "Ida", "Eva", "Tom", "Pip")
    assert pinning.heard() == []


def test_typed_and_pressed_pins_count_together(pinning: Chat) -> None:
    pinning.says("Max", "!pin", data=a_reply())
    pins(pinning, "Max", "Olga")
    pinning.says("Ben", "!pin", data=a_reply())

    assert pinning.heard()[-1] == "Kept as quote #1."


@pytest.mark.parametrize("odd", [None, {}, {"message_id": "901"}, "x"])
def test_a_line_that_is_not_known_is_not_kept(memories: Memories, odd: object) -> None:
    chat = Dialogue(MODULE, memories, config={"pins": 1})
    chat.happens("reaction", {"action": "📌", "line": odd}, to="Max")

    assert chat.heard() == []


def test_nobody_pins_a_line_of_their_own_nor_one_that_nobody_sees(memories: Memories) -> None:
    chat = Dialogue(MODULE, memories, config={"pins": 1})
    pins(chat, "Ana", user_id="ana")
    pins(chat, "Max", text="\u200b")

    assert chat.heard() == []


@pytest.mark.parametrize("needed", [0, -1])
def test_pins_keep_nothing_where_they_are_off(memories: Memories, needed: int) -> None:
    chat = Dialogue(MODULE, memories, config={"pins": needed})
    pins(chat, "Max", "Olga", "Ben")

    assert chat.heard() == []


def test_another_emoji_is_none(memories: Memories) -> None:
    chat = Dialogue(MODULE, memories, config={"pins": 1})
    chat.happens("reaction", {**a_pin(), "action": "👍"}, to="Max")

    assert chat.heard() == []


def test_a_quote_that_a_moderator_deleted_is_kept_by_no_pins(memories: Memories) -> None:
    chat = Dialogue(MODULE, memories, config={"pins": 1})
    pins(chat, "Max")
    chat.says("Max", "!memories delete 1", role="moderator")
    chat.heard()

    pins(chat, "Olga")
    chat.says("Olga", "!pin", data=a_reply())
    chat.says("Max", "!addquote", role="moderator", data=a_reply())

    assert chat.heard() == [
        PUT_AWAY,
        "Kept as quote #2.",
    ]


def test_two_who_pin_at_once_count_each_other(shared_database: Postgres) -> None:
    counted: list[int] = []

    def pin(name: str, wait: threading.Event, begun: threading.Event) -> None:
        with shared_database.writer() as connection:
            by = Somebody(platform="discord", id=name, name=name)
            found = Memories(connection).reactions.pin(77, "901", by=by, at=datetime.now(UTC))
            counted.append(found)
            begun.set()
            wait.wait(5)

    first_begun, let_go, gone = threading.Event(), threading.Event(), threading.Event()
    gone.set()
    first = threading.Thread(target=pin, args=("max", let_go, first_begun))
    second = threading.Thread(target=pin, args=("olga", gone, threading.Event()))
    first.start()
    first_begun.wait(5)
    second.start()
    second.join(0.5)
    let_go.set()
    first.join()
    second.join()

    assert counted == [1, 2]
