"""What is deleted drops nobody without a word."""

from __future__ import annotations

import pytest

from functions.modules.inventory.module import MODULE
from functions.modules.inventory.store import Inventory
from tests.functions.modules.inventory.talking import Chat, let_time_pass, moderates, says
from waddlebot.stores.postgres import Connection
from waddlebot_sdk.dialogue import Dialogue


@pytest.fixture
def stocked(chat: Chat) -> Chat:
    moderates(chat, "!inv add camera", "!inv add battery x5")
    return chat


def test_who_waits_is_told_that_it_is_deleted(stocked: Chat, connection: Connection) -> None:
    says(stocked, "Ana", "!inv take camera")
    says(stocked, "Cleo", "!inv reserve camera")
    says(stocked, "Dora", "!inv reserve camera", "!inv reserve battery")

    (deleted,) = says(stocked, "Olga", "!inv delete camera", role="admin")
    assert deleted.startswith("Deleted #1 camera; its history stays. Ana has 1 until ")
    gone = "camera is deleted, and nobody can have it. What there is: !inventory list"
    assert let_time_pass(stocked, connection) == [f"Cleo: {gone}", f"Dora: {gone}"]
    assert let_time_pass(stocked, connection, days=20) == [
        "Dora: battery is kept for you no more. Once more: !inventory reserve battery"
    ]


def test_for_whom_it_is_kept_is_told_once_that_it_is_deleted(
    stocked: Chat, connection: Connection
) -> None:
    says(stocked, "Ana", "!inv take camera")
    says(stocked, "Cleo", "!inv reserve camera")
    says(stocked, "Ana", "!inv return camera")
    says(stocked, "Olga", "!inv delete camera", role="admin")

    assert let_time_pass(stocked, connection, days=20) == [
        "Cleo: camera is deleted, and nobody can have it. What there is: !inventory list"
    ]


def test_who_asks_for_it_is_told_that_it_is_deleted(
    inventory: Inventory, connection: Connection
) -> None:
    chat = Dialogue(MODULE, inventory, config={"approval": True})
    moderates(chat, "!inv add camera")
    says(chat, "Ana", "!inv take camera")

    says(chat, "Olga", "!inv delete camera", role="admin")

    assert let_time_pass(chat, connection) == [
        "Ana: camera is deleted, and nobody can have it. What there is: !inventory list"
    ]
    assert moderates(chat, "!inv requests") == ["Nobody asks for anything."]
