"""Reminders of what is due back, from the loan to the moment when they are said."""

from __future__ import annotations

from datetime import timedelta

import pytest

from functions.modules.inventory.module import MODULE
from functions.modules.inventory.personal_data import erase
from functions.modules.inventory.store import Inventory
from tests.functions.modules.inventory.talking import Chat, at, let_time_pass, moderates, says
from waddlebot.stores.postgres import Connection
from waddlebot_sdk.dialogue import Dialogue

HOW = "Give it back with !inventory return camera or keep it with !inventory extend camera"


@pytest.fixture
def stocked(chat: Chat) -> Chat:
    moderates(chat, "!inv add camera", "!inv add battery x5")
    return chat


def test_who_has_it_is_reminded_before_the_day_and_on_it_once_each(
    stocked: Chat, connection: Connection
) -> None:
    due = at(stocked.now + timedelta(days=3))
    says(stocked, "Ana", "!inv take camera for 3 days")

    assert let_time_pass(stocked, connection, hours=47) == []
    assert let_time_pass(stocked, connection, hours=1) == [
        f"⏰ Ana: camera is due back at {due}. {HOW}"
    ]
    assert let_time_pass(stocked, connection, hours=24) == [
        f"⏰ Ana: camera is due back now. {HOW}"
    ]
    assert let_time_pass(stocked, connection, days=30) == []
    assert says(stocked, "Cleo", "!inventory late") == [f"Late: camera (Ana, due at {due})"]


def test_an_event_that_comes_twice_reminds_once(stocked: Chat, inventory: Inventory) -> None:
    says(stocked, "Ana", "!inv take camera")
    (loan,) = inventory.loans.of_community(1)

    for _ in range(2):
        data = {"module": "inventory", "what": "reminder", "loan": loan.id, "kind": "now"}
        stocked.happens("due", data, to="Ana")

    assert stocked.heard() == [f"⏰ Ana: camera is due back now. {HOW}"]


def test_what_is_back_extended_or_deleted_reminds_of_no_old_day(
    stocked: Chat, connection: Connection
) -> None:
    says(stocked, "Ana", "!inv take camera for 2 days", "!inv take battery 2 for 2 days")
    says(stocked, "Ana", "!inv extend camera for 10 days", "!inv return battery")
    later = at(stocked.now + timedelta(days=10))

    assert let_time_pass(stocked, connection, days=5) == []
    assert let_time_pass(stocked, connection, days=4) == [
        f"⏰ Ana: camera is due back at {later}. {HOW}"
    ]
    says(stocked, "Olga", "!inv delete camera", role="admin")
    assert let_time_pass(stocked, connection, days=4) == []
    assert says(stocked, "Ana", "!inv late") == ["Nothing is late."]


def test_part_of_it_brought_back_is_reminded_of_the_rest(
    stocked: Chat, connection: Connection
) -> None:
    says(stocked, "Ana", "!inv take battery 3 for 2 hours", "!inv return battery 1")
    says(stocked, "Cleo", "!inv reserve battery 5")
    give_back = "Give it back with !inventory return battery"

    assert let_time_pass(stocked, connection, hours=2) == [
        f"⏰ Ana: 2 x battery are due back now. Cleo waits for it. {give_back}"
    ]


def test_what_was_lent_to_somebody_reminds_them_where_it_was_lent(
    stocked: Chat, connection: Connection
) -> None:
    moderates(stocked, "!inv checkout camera @ana for 2 hours")

    assert let_time_pass(stocked, connection, hours=2) == [f"⏰ ana: camera is due back now. {HOW}"]


def test_without_a_day_or_a_person_nobody_is_reminded(
    inventory: Inventory, connection: Connection
) -> None:
    chat = Dialogue(MODULE, inventory, config={"days": 0})
    moderates(chat, "!inv add camera", "!inv add lens")
    says(chat, "Ana", "!inv take camera", "!inv take lens for 2 days")
    erase(1, "twitch", "ana", inventory)

    assert let_time_pass(chat, connection, days=30) == []


def test_a_community_may_remind_on_the_day_alone(
    inventory: Inventory, connection: Connection
) -> None:
    chat = Dialogue(MODULE, inventory, config={"remind_hours": 0})
    moderates(chat, "!inv add camera")
    says(chat, "Ana", "!inv take camera for 2 days")

    assert let_time_pass(chat, connection, hours=47) == []
    assert len(let_time_pass(chat, connection, hours=1)) == 1
