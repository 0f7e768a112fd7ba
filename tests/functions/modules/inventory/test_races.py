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


def all_at_once(urls: Urls, lines: Sequence[tuple[str, str]]) -> list[str]:
    """Each says a line in a transaction of its own, and reads what comes of it."""
    ready = threading.Barrier(len(lines))

    def one(who: str, line: str) -> list[str]:
        postgres = Postgres(as_module(urls, "inventory"))
        with closing(postgres), postgres.writer() as connection:
            connection.execute("SELECT")
            ready.wait()
            return says(Dialogue(MODULE, Inventory(connection)), who, line)

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
