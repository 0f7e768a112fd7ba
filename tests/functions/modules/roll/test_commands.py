from __future__ import annotations

import re

import pytest

from functions.modules.roll import commands
from waddlebot_sdk import with_code
from waddlebot_sdk.dialogue import Dialogue

MODULE = with_code(commands)


@pytest.fixture
def chat() -> Dialogue[None]:
    return Dialogue(MODULE, None)


def test_one_die_is_thrown_when_nothing_is_asked_for(chat: Dialogue[None]) -> None:
    chat.says("Ana", "#roll")

    (line,) = chat.heard()
    assert re.fullmatch(r"Ana rolled d6: [1-6]", line)


def test_several_dice_are_added_up(chat: Dialogue[None]) -> None:
    chat.says("Ana", "#roll 3d1+2")
    chat.says("Ana", "#ROLL 2D1-1")

    assert chat.heard() == [
        "Ana rolled 3d1+2: 1 + 1 + 1 + 2 = 5",
        "Ana rolled 2d1-1: 1 + 1 - 1 = 1",
    ]


def test_a_call_that_is_delivered_again_gets_the_same_throw() -> None:
    first, again = (Dialogue(MODULE, None, seed="the same call") for _ in range(2))
    for chat in (first, again):
        chat.says("Ana", "#roll 20d1000")

    assert first.heard() == again.heard()


def test_other_calls_get_other_throws(chat: Dialogue[None]) -> None:
    for _ in range(5):
        chat.says("Ana", "#roll 20d1000")

    assert len(set(chat.heard())) == 5


@pytest.mark.parametrize("typed", ["banana", "2x6", "d", "2d6+", "-1d6", "1_0d6", "٣d6"])
def test_what_is_no_throw_gets_an_example(chat: Dialogue[None], typed: str) -> None:
    chat.says("Ana", f"#roll {typed}")

    assert chat.heard() == [f"'{typed}' is no throw I know. Try d20, 2d6 or 3d6+2."]


@pytest.mark.parametrize("typed", ["21d6", "0d6", "1d1001", "1d0", "9999d999999"])
def test_there_are_twenty_dice_with_a_thousand_sides(chat: Dialogue[None], typed: str) -> None:
    chat.says("Ana", f"#roll {typed}")

    assert chat.heard() == ["I have 1 to 20 dice with 1 to 1000 sides. Try 2d6."]
