"""Where a moderator accepts who takes something, as it is talked about in chat."""

from __future__ import annotations

from datetime import timedelta

import pytest

from functions.modules.inventory.module import MODULE
from functions.modules.inventory.store import Inventory
from tests.functions.modules.inventory.talking import Chat, at, let_time_pass, moderates, says
from waddlebot.stores.postgres import Connection
from waddlebot_sdk.dialogue import Dialogue


@pytest.fixture
def asked(inventory: Inventory) -> Chat:
    chat = Dialogue(MODULE, inventory, config={"approval": True})
    moderates(chat, "!inv add camera", "!inv add battery x5")
    return chat


def test_a_moderator_accepts_and_the_person_is_told(asked: Chat, connection: Connection) -> None:
    due = at(asked.now + timedelta(days=14))
    answers = "A moderator answers: !inventory accept 1 or !inventory refuse 1"
    leave = "You want it no more: !inventory unreserve camera"

    assert says(asked, "Ana", "!inv take camera", "!inv take camera") == [
        f"Request #1: Ana asks for camera until {due}. {answers}",
        f"You asked for camera already; a moderator has to answer. {leave}",
    ]
    assert says(asked, "Cleo", "!inv accept 1", "!inv requests") == [
        "!inv accept needs moderator.",
        "!inv requests needs moderator.",
    ]
    assert moderates(asked, "!inv requests", "!inventory accept 1", "!inv accept #1") == [
        f"Requests: #1: Ana asks for camera until {due}",
        f"Accepted. Ana has camera until {due} now.",
        "There is no request #1, or it was answered. Those that are open: !inventory requests",
    ]
    assert let_time_pass(asked, connection) == [
        f"Ana: your request is accepted, you have camera until {due} now."
    ]
    assert let_time_pass(asked, connection, hours=1) == []


def test_a_moderator_presses_or_refuses_with_a_reason(asked: Chat, connection: Connection) -> None:
    says(asked, "Ana", "!inv take camera")
    asked.clicks("Cleo", "Accept")
    asked.clicks("Max", "Accept", role="moderator")
    asked.clicks("Max", "Refuse", role="moderator")
    pressed, accepted, late = asked.heard()
    assert pressed == "That needs moderator."
    assert accepted.startswith("Accepted. Ana has camera until ")
    assert late.startswith("There is no request #1, or it was answered.")

    says(asked, "Cleo", "!inv take battery 2")
    says(asked, "Dora", "!inv take battery")
    assert moderates(asked, "!inv refuse 2 they are needed", "!inv refuse 3") == [
        "Refused: Cleo does not get 2 x battery.",
        "Refused: Dora does not get battery.",
    ]
    assert let_time_pass(asked, connection)[1:] == [
        "Cleo: your request for battery is refused: they are needed",
        "Dora: your request for battery is refused. What there is: !inventory list",
    ]
    assert moderates(asked, "!inv requests") == ["Nobody asks for anything."]


def test_what_is_gone_meanwhile_is_not_accepted(asked: Chat) -> None:
    says(asked, "Ana", "!inv take camera")
    says(asked, "Cleo", "!inv take camera")
    moderates(asked, "!inv accept 1")

    (said,) = moderates(asked, "!inv accept 2")

    assert said.startswith("Ana has camera until ")
    assert moderates(asked, "!inv requests")[0].startswith("Requests: #2: Cleo asks for camera")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("!inventory accept", "Usage: !inventory accept <number>."),
        ("!inventory refuse", "Usage: !inventory refuse <number> [reason]."),
        ("!inventory accept camera", "'camera' is not a number."),
        ("!inventory accept 7", "There is no request #7, or it was answered."),
        ("!inventory requests 2", "Nobody asks for anything."),
    ],
)
def test_what_is_not_understood_is_said(asked: Chat, typed: str, answer: str) -> None:
    (said,) = moderates(asked, typed)

    assert said.startswith(answer)


def test_who_asked_takes_it_back(asked: Chat) -> None:
    says(asked, "Ana", "!inv take camera")

    assert says(asked, "Cleo", "!inv unreserve camera") == ["You are not in line for camera."]
    assert says(asked, "Ana", "!inv unreserve camera") == ["You ask no more for camera."]
    assert moderates(asked, "!inv requests") == ["Nobody asks for anything."]


def test_nobody_asks_for_more_than_there_is_or_for_everything(asked: Chat) -> None:
    """Or one person would fill the list that all share."""
    assert says(asked, "Ana", "!inv take battery 6") == ["There are 5 battery in all."]
    for number in range(11):
        moderates(asked, f"!inv add thing{number}")
    heard = says(asked, "Ana", *(f"!inv take thing{number}" for number in range(11)))

    assert [line.startswith("Request #") for line in heard] == [True] * 10 + [False]
    assert heard[10].startswith("You asked for 10 things already.")
    assert says(asked, "Cleo", "!inv take thing10")[0].startswith("Request #11")
