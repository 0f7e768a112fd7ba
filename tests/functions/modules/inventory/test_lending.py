"""Things change hands, as it is talked about in chat."""

from __future__ import annotations

from datetime import timedelta

import pytest

from functions.modules.inventory.module import MODULE
from functions.modules.inventory.store import Inventory
from tests.functions.modules.inventory.talking import Chat, at, moderates, says
from waddlebot_sdk import CommunityInfo
from waddlebot_sdk.dialogue import Dialogue


@pytest.fixture
def stocked(chat: Chat) -> Chat:
    moderates(chat, '!inventory add camera "Sony A7" #video', "!inv add AA battery x12 in the box")
    return chat


def test_one_takes_it_the_next_reads_who_has_it_and_until_when(stocked: Chat) -> None:
    chat, friday = stocked, at(stocked.now.replace(day=9, hour=9))

    assert says(chat, "Ana", "!inventory take camera until friday") == [
        f"You have camera until {friday} now. Give it back with !inventory return camera"
    ]
    assert says(chat, "Cleo", "!inv take camera", "!inventory show camera") == [
        f"Ana has camera until {friday}. Wait for it: !inventory reserve camera",
        f"#1 camera: Sony A7. Labels: video. Ana has it since {at(chat.now)} until {friday}.",
    ]
    assert says(chat, "Cleo", "!inv return camera") == [
        f"You have no camera. Ana has 1 until {friday}."
    ]
    assert says(chat, "Ana", "!inventory return camera") == ["camera is back."]
    assert says(chat, "Cleo", "!inventory status CAMERA") == [
        f"#1 camera: Sony A7. Labels: video. It is here, back since {at(chat.now)}."
    ]


def test_counted_things_go_and_come_in_parts(stocked: Chat) -> None:
    later = at(stocked.now + timedelta(days=2))
    give_back = 'Give it back with !inventory return "AA battery"'
    wait = 'Wait for it: !inventory reserve "AA battery"'

    assert says(
        stocked,
        "Ana",
        "!inventory take AA battery 3 for 2 days",
        "!inventory take aa battery x20",
        '!inv return "AA battery" 2',
        "!inv return AA battery 2",
        "!inventory show #2",
        "!inv return #2",
    ) == [
        f"You have 3 x AA battery until {later} now. {give_back}",
        f"Only 9 of 12 AA battery are here. Ana has 3 until {later}. {wait}",
        "2 x AA battery are back. Ana has 1 still.",
        "Ana has 1 of AA battery, not more.",
        f"#2 AA battery: in the box. 11 of 12 are here. Ana has 1 until {later}.",
        "AA battery is back.",
    ]


def test_a_moderator_lends_it_and_says_that_it_is_back(stocked: Chat) -> None:
    friday = at(stocked.now.replace(day=9, hour=9))
    later = at(stocked.now + timedelta(days=14))
    checkin = '!inventory checkin "AA battery" <person>'
    whose = f"Several have AA battery: say whose is back, {checkin}."

    assert moderates(
        stocked,
        "!inventory checkout camera @ana until friday",
        "!inventory checkout camera to Cleo",
        "!inventory checkout AA battery @cleo 4 until friday",
        "!inventory checkout AA battery @dora",
        "!inventory checkin AA battery",
        "!inventory checkin AA battery @cleo 1",
        "!inventory checkin AA battery @nobody",
        "!inventory checkin camera",
        "!inventory checkin camera",
    ) == [
        f"ana has camera until {friday} now.",
        f"ana has camera until {friday}. Wait for it: !inventory reserve camera",
        f"cleo has 4 x AA battery until {friday} now.",
        f"dora has AA battery until {later} now.",
        f"{whose} cleo has 4 until {friday}, dora has 1 until {later}.",
        "AA battery is back. cleo has 3 still.",
        "nobody has no AA battery.",
        "camera is back.",
        "camera is not out.",
    ]


def test_whom_a_moderator_named_brings_it_back(stocked: Chat) -> None:
    moderates(stocked, "!inventory checkout camera @ana until friday")

    assert says(stocked, "Cleo", "!inventory mine") == [
        "You have nothing. What there is: !inventory list"
    ]
    friday = at(stocked.now.replace(day=9, hour=9))
    assert says(stocked, "Ana", "!inventory mine", "!inventory return camera") == [
        f"You have: camera until {friday}",
        "camera is back.",
    ]


def test_without_a_day_it_is_the_communitys_days_or_none(inventory: Inventory) -> None:
    without_end = Dialogue(MODULE, inventory, config={"days": 0})
    moderates(without_end, "!inventory add camera")

    assert says(without_end, "Ana", "!inv take camera") + says(
        without_end, "Cleo", "!inv take camera"
    ) == [
        "You have camera now. Give it back with !inventory return camera",
        "Ana has camera. Wait for it: !inventory reserve camera",
    ]


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("!inventory take", "Usage: !inventory take <item> [count] [until]. Example: "),
        ("!inventory return", "Usage: !inventory return <item> [count]. Example: "),
        ("!inventory take cam", "There is no 'cam' in the inventory. Is it camera?"),
        ("!inventory take drone", "There is no 'drone' in the inventory. What there is: "),
        ("!inventory take #9", "There is no '#9' in the inventory."),
        ("!inventory take camera 0", "It is 1 at least and 100,000 at most."),
        ("!inventory take camera soon", "I do not know until when 'soon' is. Example: "),
        ("!inventory take camera yesterday", "I cannot read 'yesterday' as a time."),
        ("!inventory take camera for 3 years", "Nobody keeps a thing for more than two years."),
        ("!inventory return camera many", "You have no camera."),
    ],
)
def test_what_is_not_understood_is_said(stocked: Chat, typed: str, answer: str) -> None:
    (said,) = says(stocked, "Ana", typed)

    assert said.startswith(answer)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("!inventory checkout camera", "Usage: !inventory checkout <item> <person>"),
        ("!inventory checkin", "Usage: !inventory checkin <item> [person] [count]"),
        ('!inventory checkout "AA battery" ""', "Usage: !inventory checkout <item> <person>"),
        ("!inventory checkout AA battery", "Say who gets it. Example: !inventory checkout"),
        ("!inventory checkout camera @ana soon", "I do not know until when 'soon' is."),
    ],
)
def test_what_a_moderator_gets_wrong_is_said(stocked: Chat, typed: str, answer: str) -> None:
    (said,) = moderates(stocked, typed)

    assert said.startswith(answer)


def test_a_viewer_neither_adds_nor_lends_nor_deletes(stocked: Chat) -> None:
    lines = ("!inventory add x", "!inv checkout camera @me", "!inventory checkin camera")
    for line in lines:
        stocked.says("Ana", line)
    moderates_not = says(stocked, "Max", "!inventory delete camera", role="moderator")

    assert [line.partition(" needs ")[2] for line in moderates_not] == [
        *("moderator.",) * 3,
        "admin.",
    ]


def test_another_community_neither_sees_nor_takes_anything(
    stocked: Chat, inventory: Inventory
) -> None:
    theirs = Dialogue(MODULE, inventory, community=CommunityInfo(id=2, name="Other"))
    says(stocked, "Ana", "!inventory take camera")

    assert says(
        theirs,
        "Ana",
        *("!inventory take camera", "!inventory show #1", "!inv list", "!inv mine"),
        "!inv history camera",
    ) == [
        "There is no 'camera' in the inventory. What there is: !inventory list",
        "There is no '#1' in the inventory. What there is: !inventory list",
        "Nothing is in the inventory yet. A moderator adds it: !inventory add",
        "You have nothing. What there is: !inventory list",
        "Nothing is known of 'camera'. What there is: !inventory list",
    ]
