from __future__ import annotations

import pytest

from functions.modules.inventory.module import MODULE
from functions.modules.inventory.personal_data import erase, export
from functions.modules.inventory.store import Inventory
from tests.functions.modules.inventory.talking import Chat, moderates, says


@pytest.fixture
def filled(chat: Chat) -> Chat:
    moderates(chat, "!inv add camera", "!inv add lens", "!inv checkout lens @ana")
    says(chat, "Ana", "!inv take camera", "!inv return camera", "!inv take camera")
    return chat


@pytest.mark.usefixtures("filled")
def test_a_person_gets_all_that_is_about_them_and_nothing_else(inventory: Inventory) -> None:
    records = export(1, "twitch", "ana", inventory)

    assert [(one["kind"], one.get("item"), one.get("action")) for one in records] == [
        ("loan", "lens", None),
        ("loan", "camera", None),
        ("activity", "lens", "checkout"),
        ("activity", "camera", "checkout"),
        ("activity", "camera", "checkin"),
        ("activity", "camera", "checkout"),
    ]
    assert [one["name"] for one in export(1, "twitch", "max", inventory) if "name" in one] == [
        "camera",
        "lens",
    ]


def test_erasing_leaves_what_is_out_with_somebody(filled: Chat, inventory: Inventory) -> None:
    assert erase(1, "twitch", "ana", inventory) > 0
    assert erase(1, "twitch", "max", inventory) > 0

    assert export(1, "twitch", "ana", inventory) == []
    assert export(1, "twitch", "max", inventory) == []
    listed, history = says(filled, "Cleo", "!inv list", "!inv history")
    assert listed == "Inventory: #1 camera (somebody) · #2 lens (somebody)"
    assert not any(name in history.casefold() for name in ("ana", "max"))
    assert moderates(filled, "!inv checkin camera", "!inv checkin lens") == [
        "camera is back.",
        "lens is back.",
    ]


@pytest.mark.usefixtures("filled")
def test_the_same_id_on_another_platform_or_in_another_community_is_somebody_else(
    inventory: Inventory,
) -> None:
    assert erase(1, "discord", "ana", inventory) == 0
    assert erase(2, "twitch", "ana", inventory) == 0
    assert export(2, "twitch", "ana", inventory) == []


def test_the_module_declares_both() -> None:
    assert MODULE.personal_data is not None
    assert (MODULE.personal_data.export, MODULE.personal_data.erase) == (export, erase)
