"""An id says what it is for, and is good for nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.domain.signed_presses import (
    MOST_CHARACTERS,
    Kind,
    Press,
    is_ours,
    read_press,
    sign_press,
)
from waddlebot_sdk.roles import Role

KEY, HERE, ANA = "key", EntityId("discord:channel:1/2"), "301"
PRESS = Press(
    module="memories",
    action="keep",
    context="7",
    kind=Kind.BUTTON,
    role=Role.MODERATOR,
    asker_alone=True,
    once=True,
    ends_at=datetime(2026, 12, 1, 12, tzinfo=UTC),
    community=CommunityId(12),
    offer=b"abcd",
)


def test_it_says_all_that_it_was_made_of() -> None:
    assert read_press(sign_press(PRESS, KEY, HERE, ANA)) == PRESS
    alone = replace(PRESS, alone=True, kind=Kind.OPEN, role=Role.OWNER)
    assert read_press(sign_press(alone, KEY, HERE, ANA)) == alone


def test_the_longest_fits_where_the_least_is_taken() -> None:
    longest = replace(PRESS, module="m" * 31, action="a" * 16, context="c" * 16)
    assert len(sign_press(longest, KEY, HERE, ANA)) <= MOST_CHARACTERS


def good(custom_id: str, *, key: str = KEY, at: EntityId = HERE, user: str = ANA) -> bool:
    press = read_press(custom_id)
    return press is not None and is_ours(custom_id, press, key, at, user)


def test_it_is_good_for_its_place_and_person_alone() -> None:
    made = sign_press(PRESS, KEY, HERE, ANA)
    assert good(made)
    assert not good(made, at=EntityId("discord:channel:1/3"))
    assert not good(made, user="302")
    assert not good(made, key="other")
    assert not good(made, key="")
    for_all = sign_press(replace(PRESS, asker_alone=False), KEY, HERE, ANA)
    assert good(for_all, user="302")
    alone = sign_press(replace(PRESS, alone=True), KEY, HERE, ANA)
    assert good(alone, at=EntityId("discord:channel:@me/9"))
    assert not good(alone, user="302")


@pytest.mark.parametrize(
    "change",
    [
        {"module": "other"},
        {"action": "drop"},
        {"context": "8"},
        {"kind": Kind.FORM},
        {"role": Role.USER},
        {"once": False},
        {"community": CommunityId(13)},
        {"offer": b"abce"},
        {"ends_at": datetime(2027, 12, 1, tzinfo=UTC)},
    ],
)
def test_no_part_of_it_can_be_changed(change: dict[str, Any]) -> None:
    made, other = (sign_press(one, KEY, HERE, ANA) for one in (PRESS, replace(PRESS, **change)))
    signature = made[-16:]
    assert not good(other[:-16] + signature)


@pytest.mark.parametrize("custom_id", ["", "a:b:c", "a:b:c:", "a:b:c:é", "a:b:c:AAAA", ":" * 200])
def test_what_is_none_is_none(custom_id: str) -> None:
    assert read_press(custom_id) is None
