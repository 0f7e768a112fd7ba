"""What moderators change about things, and how things are found, as it is talked about in chat."""

from __future__ import annotations

import pytest

from tests.functions.modules.inventory.talking import Chat, at, moderates, says
from waddlebot_sdk.shown import Shown


@pytest.fixture
def stocked(chat: Chat) -> Chat:
    moderates(chat, '!inv add camera "Sony A7" #video', "!inv add AA battery x5 #power")
    return chat


def test_parts_are_changed_as_far_as_they_can_be(stocked: Chat) -> None:
    says(stocked, "Ana", "!inv take AA battery 3")

    assert moderates(
        stocked,
        "!inventory edit camera name big camera",
        '!inventory edit "big camera" description Sony A7 II',
        "!inventory edit AA battery count 2",
        "!inventory edit AA battery count 30",
        "!inventory edit AA battery name BIG CAMERA",
        "!inventory edit AA battery colour red",
        "!inventory edit AA battery count",
        "!inventory edit AA battery count many",
    ) == [
        "Changed. #1 big camera: Sony A7.",
        "Changed. #1 big camera: Sony A7 II.",
        '3 AA battery are out, so there are not fewer. Who: !inventory show "AA battery"',
        "Changed. #2 30 x AA battery.",
        "There is BIG CAMERA already. What there is: !inventory list",
        "'colour' is none of name, description, count, or nothing stands behind it.",
        "'count' is none of name, description, count, or nothing stands behind it.",
        "'many' is no number of things. Say 3 or x3.",
    ]


def test_what_is_not_fine_is_neither_lent_nor_kept(stocked: Chat) -> None:
    assert moderates(stocked, "!inventory state camera broken") == [
        "Changed. #1 camera (broken): Sony A7."
    ]
    assert says(stocked, "Ana", "!inv take camera", "!inv list", "!inv list available") == [
        "camera is broken, so it is not lent.",
        "Inventory: #1 camera (broken) · #2 AA battery (5 of 5)",
        "Available: #2 AA battery (5 of 5)",
    ]
    assert says(stocked, "Ana", "!inv reserve camera") == ["You are number 1 in line for camera."]
    moderates(stocked, "!inventory state camera fine")
    assert says(stocked, "Cleo", "!inv take camera")[0].startswith("camera is kept for Ana until ")
    assert moderates(stocked, "!inventory state camera shiny") == [
        "'shiny' is none of fine, broken, repair, lost, or nothing stands behind it."
    ]


def test_labels_hang_and_are_taken(stocked: Chat) -> None:
    assert moderates(
        stocked,
        "!inventory labels camera add Photo",
        "!inventory labels camera add #photo",
        "!inventory labels camera remove video",
        "!inventory labels camera remove video",
        "!inventory labels camera paint red",
        "!inventory labels camera add a_very!bad",
    ) == [
        "Labels of camera: photo, video.",
        "camera has the label 'photo' already.",
        "Labels of camera: photo.",
        "camera has no label 'video'. Labels of camera: photo.",
        "'paint' is none of add, remove, or nothing stands behind it.",
        "A label is 1 to 40 letters, digits, spaces and hyphens.",
    ]
    moderates(stocked, *(f"!inventory labels camera add l{n}" for n in range(4)))
    assert moderates(stocked, "!inventory labels camera add more") == [
        "An item has 5 labels at most."
    ]


def test_things_are_found_by_words_and_labels(stocked: Chat) -> None:
    moderates(stocked, "!inv add lens #video")

    assert says(
        stocked,
        "Ana",
        "!inventory search sony",
        "!inv search #video",
        "!inv search #video lens",
        "!inv search POWER",
        "!inv search drone",
        "!inv search lens page 2",
    ) == [
        "Found: #1 camera",
        "Found: #1 camera · #3 lens",
        "Found: #3 lens",
        "Found: #2 AA battery (5 of 5)",
        "Nothing has 'drone' in it. What there is: !inventory list",
        "There is no page 2: all of it is on one, !inventory search lens",
    ]


def test_few_that_are_left_are_told(stocked: Chat) -> None:
    assert moderates(stocked, "!inventory warn AA battery 2") == [
        "Changed. #2 5 x AA battery. It is low at 2."
    ]
    first, low, listed = says(
        stocked, "Ana", "!inv take AA battery 2", "!inv take AA battery", "!inv list low"
    )
    assert "That is low" not in first
    assert "That is low: 2 of 5 AA battery left." in low
    assert listed == "Low: #2 AA battery (2 of 5)"
    assert moderates(stocked, "!inventory warn AA battery off", "!inv list low") == [
        "Changed. #2 5 x AA battery.",
        "Nothing is low. What there is: !inventory list",
    ]
    assert moderates(stocked, "!inventory warn AA battery few") == ["'few' is not a number."]


def test_figures_count_what_there_is_and_what_happened_last(stocked: Chat) -> None:
    says(stocked, "Ana", "!inv take AA battery 3")
    day = at(stocked.now, Shown.DAY)

    (said,) = says(stocked, "Ana", "!inventory stats")

    assert said.split(" · ") == [
        "2 things, 6 in all: 3 here, 3 out, 0 late",
        "2 labels: power 1, video 1",
        f"{day} lent 3 x AA battery to Ana",
        f"{day} added 5 x AA battery by Max",
        f"{day} added camera by Max",
    ]


def test_what_was_changed_stands_in_the_history(stocked: Chat) -> None:
    moderates(
        stocked, "!inv state camera lost", "!inv labels camera add x", "!inv edit camera count 2"
    )
    day = at(stocked.now, Shown.DAY)

    (said,) = says(stocked, "Ana", "!inv history camera")

    assert said.split(" · ") == [
        f"{day} changed camera (count 2) by Max",
        f"{day} labelled camera (label x) by Max",
        f"{day} changed camera (condition lost) by Max",
        f"{day} added camera by Max",
    ]


@pytest.mark.parametrize(
    ("typed", "usage"),
    [
        ("edit camera", "Usage: !inventory edit <item> <part> <value>."),
        ("state camera", "Usage: !inventory state <item> <state>."),
        ("warn", "Usage: !inventory warn <item> <count>."),
        ("labels camera add", "Usage: !inventory labels <item> <verb> <label>."),
        ("search", "Usage: !inventory search <words>."),
    ],
)
def test_a_missing_argument_answers_the_usage(stocked: Chat, typed: str, usage: str) -> None:
    (said,) = moderates(stocked, f"!inventory {typed}")

    assert said.startswith(usage)


def test_a_viewer_changes_nothing(stocked: Chat) -> None:
    heard = says(
        stocked,
        "Ana",
        *("!inv edit camera count 2", "!inv state camera lost", "!inv warn camera 1"),
        "!inv labels camera add x",
    )

    assert [line.partition(" needs ")[2] for line in heard] == ["moderator."] * 4
