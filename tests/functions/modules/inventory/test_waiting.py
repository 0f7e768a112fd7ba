"""What is out is waited for, as it is talked about in chat."""

from __future__ import annotations

from datetime import timedelta

import pytest

from functions.modules.inventory.module import MODULE
from functions.modules.inventory.store import Inventory
from tests.functions.modules.inventory.talking import Chat, at, let_time_pass, moderates, says
from waddlebot.stores.postgres import Connection
from waddlebot_sdk.dialogue import Dialogue

TAKE = "!inventory take camera"


@pytest.fixture
def stocked(chat: Chat) -> Chat:
    moderates(chat, "!inv add camera", "!inv add battery x5")
    return chat


def test_who_waits_is_told_when_it_is_back_and_it_is_kept(
    stocked: Chat, connection: Connection
) -> None:
    chat, due = stocked, at(stocked.now + timedelta(days=14))
    says(chat, "Ana", TAKE)

    assert says(chat, "Cleo", "!inventory reserve camera", "!inv reserve camera") == [
        f"You are number 1 in line for camera. Ana has 1 until {due}.",
        "You are in line for camera already. Leave it with !inventory unreserve camera",
    ]
    assert says(chat, "Dora", "!inv reserve camera", "!inv waiting camera") == [
        f"You are number 2 in line for camera. Ana has 1 until {due}.",
        "In line for camera: 1. Cleo · 2. Dora",
    ]
    kept = at(chat.now + timedelta(hours=24))
    assert says(chat, "Ana", "!inv return camera", TAKE, "!inv show camera") == [
        f"camera is back. It is kept for Cleo until {kept}.",
        f"camera is kept for Cleo until {kept}.",
        f"#1 camera. It is here, back since {at(chat.now)}. 2 in line for it.",
    ]
    assert let_time_pass(chat, connection) == [f"Cleo: camera is kept for you until {kept}: {TAKE}"]
    assert let_time_pass(chat, connection, hours=1) == []
    (taken,) = says(chat, "Cleo", TAKE)
    assert taken.startswith("You have camera until ")
    assert let_time_pass(chat, connection, days=3) == []


def test_what_nobody_fetches_goes_to_the_next_in_line(
    stocked: Chat, connection: Connection
) -> None:
    chat = stocked
    says(chat, "Ana", TAKE)
    says(chat, "Cleo", "!inv reserve camera")
    says(chat, "Dora", "!inv reserve camera")
    says(chat, "Ana", "!inv return camera")
    let_time_pass(chat, connection)

    later = at(chat.now + timedelta(hours=48))
    assert let_time_pass(chat, connection, hours=24) == [
        "Cleo: camera is kept for you no more. Once more: !inventory reserve camera",
        f"Dora: camera is kept for you until {later}: {TAKE}",
    ]
    assert let_time_pass(chat, connection, hours=24) == [
        "Dora: camera is kept for you no more. Once more: !inventory reserve camera"
    ]
    assert says(chat, "Ana", TAKE)[0].startswith("You have camera until ")


def test_what_is_here_is_kept_at_once_and_for_nobody_else(
    stocked: Chat, connection: Connection
) -> None:
    kept = at(stocked.now + timedelta(hours=24))
    due = at(stocked.now + timedelta(days=14))

    assert says(stocked, "Ana", "!inv reserve battery 4") == [
        f"4 x battery are kept for you until {kept}: !inventory take battery"
    ]
    assert let_time_pass(stocked, connection) == []
    assert says(stocked, "Cleo", "!inv take battery 2", "!inv take battery") == [
        f"5 x battery are here, kept: 4 for Ana until {kept}.",
        f"You have battery until {due} now. Give it back with !inventory return battery",
    ]
    assert says(stocked, "Ana", "!inv unreserve battery", "!inv unreserve battery") == [
        "You wait no more for battery.",
        "You are not in line for battery.",
    ]
    assert says(stocked, "Cleo", "!inv take battery 4")[0].startswith("You have 5 x battery")


def test_a_community_that_keeps_nothing_only_has_a_line(inventory: Inventory) -> None:
    chat = Dialogue(MODULE, inventory, config={"hold_hours": 0})
    moderates(chat, "!inv add camera")

    assert says(chat, "Ana", "!inv reserve camera", TAKE)[0] == (
        "You are number 1 in line for camera."
    )
    assert says(chat, "Ana", "!inv waiting camera") == ["Nobody waits for camera."]


def test_it_is_kept_for_longer_if_nobody_waits(stocked: Chat) -> None:
    says(stocked, "Ana", f"{TAKE} for 2 days")
    friday = at(stocked.now.replace(day=9, hour=9))

    assert says(stocked, "Ana", "!inventory extend camera until friday") == [
        f"Ana has camera until {friday} now."
    ]
    assert says(stocked, "Cleo", "!inv extend camera", "!inv reserve camera")[0] == (
        f"You have no camera. Ana has 1 until {friday}."
    )
    assert says(stocked, "Ana", "!inventory extend camera until 12 jan") == [
        f"Cleo waits for camera, so it comes back at {friday}."
    ]
    says(stocked, "Cleo", "!inv unreserve camera")
    (said,) = moderates(stocked, "!inv extend camera")
    assert said == f"Ana has camera until {at(stocked.now + timedelta(days=14))} now."


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("!inventory reserve", "Usage: !inventory reserve <item> [count]."),
        ("!inventory unreserve", "Usage: !inventory unreserve <item>."),
        ("!inventory waiting", "Usage: !inventory waiting <item>."),
        ("!inventory extend", "Usage: !inventory extend <item> [until]."),
        ("!inv reserve drone", "There is no 'drone' in the inventory."),
        ("!inv reserve battery 6", "There are 5 battery in all."),
        ("!inv reserve battery soon", "'soon' is no number of things."),
        ("!inv unreserve camera", "You are not in line for camera."),
        ("!inv waiting camera page 2", "Nobody waits for camera."),
        ("!inv extend camera soon", "I do not know until when 'soon' is."),
        ("!inv extend camera", "You have no camera."),
    ],
)
def test_what_is_not_understood_is_said(stocked: Chat, typed: str, answer: str) -> None:
    (said,) = says(stocked, "Ana", typed)

    assert said.startswith(answer)


def test_a_person_waits_for_so_many_things(chat: Chat) -> None:
    for n in range(26):
        moderates(chat, f"!inv add thing{n}")
        says(chat, "Ana", f"!inv take thing{n}")
    heard = says(chat, "Cleo", *(f"!inv reserve thing{n}" for n in range(26)))

    assert heard[25] == "You wait for 25 things already, and for no more at a time."


def test_who_has_it_neither_takes_it_again_nor_waits_for_it(stocked: Chat) -> None:
    due = at(stocked.now + timedelta(days=14))
    have = (
        f"You have camera already until {due}. Keep it for longer with !inventory extend camera "
        "or give it back with !inventory return camera"
    )

    assert says(stocked, "Ana", TAKE, TAKE, "!inv reserve camera")[1:] == [have, have]
    stocked.wait(timedelta(days=1))
    (longer,) = says(stocked, "Ana", "!inv extend camera")
    assert longer == f"Ana has camera until {at(stocked.now + timedelta(days=14))} now."


def test_who_waits_for_more_of_it_keeps_what_they_have_for_longer(stocked: Chat) -> None:
    says(stocked, "Cleo", "!inv take battery 3")
    says(stocked, "Ana", "!inv take battery 2", "!inv reserve battery 2")

    (longer,) = says(stocked, "Ana", "!inv extend battery until 12 feb")
    assert longer.startswith("Ana has 2 x battery until ")


def test_without_a_day_nobody_keeps_it_for_shorter(stocked: Chat) -> None:
    says(stocked, "Ana", "!inv take camera for 30 days")

    (said,) = says(stocked, "Ana", "!inv extend camera")

    due = at(stocked.now + timedelta(days=30))
    another = "Another day: !inventory extend camera until <day>"
    assert said == f"Ana has camera until {due} already. {another}"


def test_where_things_are_lent_without_end_longer_needs_a_day(inventory: Inventory) -> None:
    chat = Dialogue(MODULE, inventory, config={"days": 0})
    moderates(chat, "!inv add camera")

    (said,) = says(chat, "Ana", TAKE, "!inv extend camera")[1:]
    assert said == "Say until when. Example: !inventory extend camera until friday"


def test_who_waits_for_more_than_there_is_by_now_does_not_stop_the_line(stocked: Chat) -> None:
    says(stocked, "Cleo", "!inv take battery")
    says(stocked, "Ana", "!inv reserve battery 5")
    says(stocked, "Dora", "!inv reserve battery")
    moderates(stocked, "!inv edit battery count 3")

    (back,) = says(stocked, "Cleo", "!inv return battery")
    assert back.startswith("battery is back. It is kept for Ana until ")
    (taken,) = says(stocked, "Ana", "!inv take battery 2")
    assert taken.startswith("You have 2 x battery until ")
    (shown,) = says(stocked, "Ana", "!inv waiting battery")
    assert shown.startswith("In line for battery: 1. Dora until ")


def test_there_are_not_fewer_than_are_out_and_kept(stocked: Chat) -> None:
    says(stocked, "Cleo", "!inv take battery 2")
    says(stocked, "Ana", "!inv reserve battery 2")
    who = "Who: !inventory show battery"

    assert moderates(stocked, "!inv edit battery count 3", "!inv edit battery count 4") == [
        f"2 battery are out and 2 kept for who is next, so there are not fewer. {who}",
        "Changed. #2 4 x battery.",
    ]
