"""What only shows when several calls happen at once."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from functions.modules.inventory.module import MODULE
from functions.modules.inventory.store import Inventory
from tests.functions.modules.inventory.talking import moderates, says
from tests.helpers.module_users import as_module
from tests.helpers.servers import Urls
from waddlebot.stores.postgres import Postgres
from waddlebot_sdk.dialogue import Dialogue


def all_at_once(urls: Urls, lines: Sequence[tuple[str, str]], *, role: str = "user") -> list[str]:
    """Each says a line in a transaction of its own, and reads what comes of it."""
    ready = threading.Barrier(len(lines))

    def one(who: str, line: str) -> list[str]:
        postgres = Postgres(as_module(urls, "inventory"))
        with closing(postgres), postgres.writer() as connection:
            connection.execute("SELECT")
            ready.wait()
            return says(Dialogue(MODULE, Inventory(connection)), who, line, role=role)

    with ThreadPoolExecutor(len(lines)) as threads:
        return [said for heard in threads.map(lambda pair: one(*pair), lines) for said in heard]


@pytest.fixture
def stocked(database_urls: Urls) -> Urls:
    postgres = Postgres(as_module(database_urls, "inventory"))
    with closing(postgres), postgres.writer() as connection:
        chat = Dialogue(MODULE, Inventory(connection))
        moderates(chat, "!inv add camera", "!inv add battery x5")
    return database_urls


def test_two_take_the_last_one_at_the_same_moment_and_exactly_one_gets_it(stocked: Urls) -> None:
    heard = all_at_once(
        stocked, [(who, "!inventory take camera until friday") for who in ("Ana", "Cleo")]
    )

    (got,) = [line for line in heard if line.startswith("You have camera until ")]
    (other,) = [line for line in heard if line != got]
    winner = ("Ana", "Cleo")[heard.index(got)]
    until = got.partition(" until ")[2].partition(" now.")[0]
    wait = "Wait for it: !inventory reserve camera"
    assert other == f"{winner} has camera until {until}. {wait}"


def test_of_eight_who_take_two_of_five_two_get_them(stocked: Urls) -> None:
    heard = all_at_once(stocked, [(f"P{n}", "!inventory take battery 2") for n in range(8)])

    assert sum(line.startswith("You have 2 x battery") for line in heard) == 2
    assert sum(line.startswith("Only 1 of 5 battery is here.") for line in heard) >= 1
    (shown,) = all_at_once(stocked, [("Ana", "!inventory show battery")])
    assert "1 of 5 is here." in shown


def test_what_is_brought_back_twice_at_once_is_back_once(stocked: Urls) -> None:
    all_at_once(stocked, [("Ana", "!inventory take battery 2")])

    heard = all_at_once(stocked, [("Ana", "!inventory return battery")] * 4)

    assert heard.count("2 x battery are back.") == 1
    (shown,) = all_at_once(stocked, [("Ana", "!inventory show battery")])
    assert shown == "#2 battery. 5 of 5 are here."


ROUNDS = 4
"""So often each: a race that one order of two wins shows itself in one of them."""


def shown(urls: Urls, *lines: str) -> list[str]:
    return [said for line in lines for said in all_at_once(urls, [("Ana", line)])]


def test_of_two_who_rename_to_the_same_name_at_the_same_moment_one_does(stocked: Urls) -> None:
    for n in range(ROUNDS):
        heard = all_at_once(
            stocked,
            [("Max", f"!inv edit #1 name lens{n}"), ("Olga", f"!inv edit #2 name LENS{n}")],
            role="moderator",
        )

        assert sum(line.startswith("Changed. #") for line in heard) == 1, heard
        assert (
            sum(
                line.startswith(f"There is {name} already")
                for line in heard
                for name in (f"lens{n}", f"LENS{n}")
            )
            == 1
        ), heard


def test_of_one_who_adds_and_one_who_renames_to_the_same_name_one_does(stocked: Urls) -> None:
    for n in range(ROUNDS):
        heard = all_at_once(
            stocked,
            [("Max", f"!inv edit #1 name lens{n}"), ("Olga", f"!inv add lens{n}")],
            role="moderator",
        )

        assert sum(line.startswith((f"Changed. #1 lens{n}", "Added ")) for line in heard) == 1, (
            heard
        )
        assert sum(line.startswith(f"There is lens{n} already") for line in heard) == 1, heard


def test_what_is_renamed_described_and_broken_at_once_is_all_of_it(stocked: Urls) -> None:
    all_at_once(
        stocked,
        [
            ("Max", "!inv edit #1 name lens"),
            ("Olga", "!inv edit #1 description for the wide shot"),
            ("Nils", "!inv state #1 broken"),
            ("Vera", "!inv warn #1 0"),
        ],
        role="moderator",
    )

    assert shown(stocked, "!inv show #1") == ["#1 lens (broken): for the wide shot. It is here."]


def test_of_two_who_delete_it_at_the_same_moment_one_does(stocked: Urls) -> None:
    heard = all_at_once(
        stocked, [("Max", "!inv delete camera"), ("Olga", "!inv delete camera")], role="admin"
    )

    assert sorted(line.partition(" ")[0] for line in heard) == ["Deleted", "There"]


@pytest.mark.parametrize(
    "line",
    [
        "!inv take camera",
        "!inv reserve camera",
        "!inv labels camera add video",
        "!inv edit camera description old",
        "!inv edit camera count 3",
        "!inv accessories camera add battery",
        "!inv checkin camera",
    ],
)
def test_what_is_deleted_at_the_same_moment_is_answered(stocked: Urls, line: str) -> None:
    """First or last: whoever comes too late reads that there is none."""
    heard = all_at_once(stocked, [("Max", "!inv delete camera"), ("Olga", line)], role="admin")

    assert heard[0].startswith("Deleted #1 camera"), heard
    assert shown(stocked, "!inv show camera")[0].startswith("There is no 'camera'")
    assert "camera" in heard[1], heard


def test_of_two_things_that_are_to_go_with_each_other_one_does(stocked: Urls) -> None:
    heard = all_at_once(
        stocked,
        [
            ("Max", "!inv accessories camera add battery"),
            ("Olga", "!inv accessories battery add camera"),
        ],
        role="moderator",
    )

    assert sum(" cannot go with " in line for line in heard) == 1, heard


def test_who_brings_all_back_while_some_of_it_is_is_reminded_of_the_rest(stocked: Urls) -> None:
    for _ in range(ROUNDS):
        all_at_once(stocked, [("Ana", "!inventory take battery 5")])
        all_at_once(
            stocked,
            [("Ana", "!inventory return battery 5"), ("Ana", "!inventory return battery 2")],
        )
        (here,) = shown(stocked, "!inv show battery")
        planned = due_of(stocked)

        assert bool(planned) is ("Ana has" in here), (here, planned)
        all_at_once(stocked, [("Ana", "!inventory return battery")])


def due_of(urls: Urls) -> int:
    postgres = Postgres(as_module(urls, "inventory"))
    with closing(postgres), postgres.writer() as connection:
        (row,) = connection.execute(
            "SELECT count(*) AS n FROM due WHERE module = 'inventory'"
        ).fetchall()
    return int(row["n"])
