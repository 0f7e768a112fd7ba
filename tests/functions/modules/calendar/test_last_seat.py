"""What only shows when several people say yes at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

from functions.modules.calendar.gatherings import Gatherings
from functions.modules.calendar.module import MODULE
from tests.helpers.module_users import as_module
from tests.helpers.servers import Urls
from waddlebot.stores.due import Due
from waddlebot.stores.postgres import Postgres
from waddlebot_sdk.dialogue import Dialogue

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
PEOPLE = [f"Ana{number}" for number in range(4)]


def typed(postgres: Postgres, name: str, line: str, **more: str) -> str:
    """In a transaction of its own, as each call is."""
    with postgres.writer() as connection:
        chat = Dialogue(MODULE, Gatherings(connection), now=NOW)
        chat.says(name, line, **more)
        (heard,) = chat.heard()
    return heard


def at_once(url: str, line: str) -> list[str]:
    """What each of the people reads, who all type it at the same moment."""
    together = Barrier(len(PEOPLE))

    def one(name: str) -> str:
        postgres = Postgres(url)
        together.wait(30)
        heard = typed(postgres, name, line)
        postgres.close()
        return heard

    with ThreadPoolExecutor(len(PEOPLE)) as threads:
        return list(threads.map(one, PEOPLE))


def test_of_those_who_take_the_last_seat_at_once_exactly_one_has_it(database_urls: Urls) -> None:
    url = as_module(database_urls, "calendar")
    postgres = Postgres(url)
    typed(postgres, "Max", '!event add tomorrow 20:00 "Game night" 1', role="moderator")

    told = at_once(url, "!event yes 1")

    assert sorted(one.partition(" ")[2].partition(" ")[0] for one in told if one[0] == "Y") == [
        "come"
    ]
    waiting = sorted(one.split("as number ")[1][:1] for one in told if "You wait" in one)
    assert waiting == ["1", "2", "3"]
    postgres.close()


def test_of_seats_that_come_free_at_once_each_goes_to_one_who_waits(
    database_urls: Urls, database: Postgres
) -> None:
    url = as_module(database_urls, "calendar")
    postgres = Postgres(url)
    typed(postgres, "Max", '!event add tomorrow 20:00 "Game night" 4', role="moderator")
    for name in (*PEOPLE, "Bob", "Cleo", "Dora", "Eve", "Finn"):
        typed(postgres, name, "!event yes 1")

    at_once(url, "!event no 1")

    shown = typed(postgres, "Max", "!event show 1")
    assert "4 of 4 seats taken · Bob, Cleo, Dora, Eve · 1 waits · 4 no" in shown
    with database.writer() as connection:
        rows = Due(connection).take(NOW + timedelta(days=1), 100)
    assert sorted(row.user.name for row in rows if row.user) == ["Bob", "Cleo", "Dora", "Eve"]
    postgres.close()
