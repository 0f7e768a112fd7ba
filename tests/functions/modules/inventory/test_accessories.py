"""What goes with a thing goes out and comes back with it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.functions.modules.inventory.talking import Chat, at, moderates, says


@pytest.fixture
def stocked(chat: Chat) -> Chat:
    moderates(chat, "!inv add camera", "!inv add tripod", "!inv add AA battery x5")
    moderates(
        chat,
        "!inv accessories camera add tripod",
        "!inv accessories camera add AA battery",
    )
    return chat


def test_it_is_lent_and_brought_back_with_it(stocked: Chat) -> None:
    until = at(stocked.now + timedelta(days=14))
    give_back = "Give it back with !inventory return camera"

    assert says(stocked, "Ana", "!inv show camera", "!inv take camera", "!inv list") == [
        "#1 camera. With it: tripod, AA battery. It is here.",
        f"You have camera until {until} now. With it: tripod, AA battery. {give_back}",
        "Inventory: #1 camera (Ana) · #2 tripod (Ana) · #3 AA battery (4 of 5)",
    ]
    assert says(stocked, "Ana", "!inv return camera", "!inv mine") == [
        "camera is back. With it: tripod, AA battery.",
        "You have nothing. What there is: !inventory list",
    ]


def test_what_is_not_here_is_said(stocked: Chat) -> None:
    says(stocked, "Cleo", "!inv take tripod")

    (said,) = moderates(stocked, "!inv checkout camera @ana")

    assert said.endswith("now. With it: AA battery. Not here, though it goes with it: tripod.")
    assert moderates(stocked, "!inv checkin camera", "!inv list out") == [
        "camera is back. With it: AA battery.",
        "Out: #2 tripod (Cleo)",
    ]


def test_what_goes_with_something_has_nothing_that_goes_with_it(stocked: Chat) -> None:
    moderates(stocked, "!inv add bag")
    why = "what goes with something has nothing that goes with it."

    assert moderates(
        stocked,
        "!inv accessories tripod add bag",
        "!inv accessories bag add camera",
        "!inv accessories bag add bag",
        "!inv accessories camera remove bag",
        "!inv accessories camera remove tripod",
        "!inv accessories camera paint bag",
        "!inv accessories camera add drone",
    ) == [
        f"bag cannot go with tripod: {why}",
        f"camera cannot go with bag: {why}",
        f"bag cannot go with bag: {why}",
        "bag does not go with camera.",
        "With camera goes AA battery.",
        "'paint' is none of add, remove, or nothing stands behind it.",
        "There is no 'drone' in the inventory. What there is: !inventory list",
    ]
    (usage,) = moderates(stocked, "!inventory accessories camera")
    assert usage.startswith("Usage: !inventory accessories <item> <verb> <accessory>.")
    assert says(stocked, "Ana", "!inv accessories camera add bag") == [
        "!inv accessories needs moderator."
    ]
