"""What only shows when several do something at once."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

from functions.modules.giveaways.giveaways import Giveaways
from functions.modules.giveaways.module import MODULE
from tests.helpers.module_users import as_module
from tests.helpers.servers import Urls
from waddlebot.stores.due import Due
from waddlebot.stores.postgres import Postgres
from waddlebot_sdk.dialogue import Dialogue

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
PEOPLE = [f"Ana{number}" for number in range(4)]


def typed(postgres: Postgres, name: str, line: str, role: str = "user") -> str:
    """In a transaction of its own, as each call is."""
    with postgres.writer() as connection:
        chat = Dialogue(MODULE, Giveaways(connection), now=NOW)
        chat.says(name, line, role=role)
        (heard,) = chat.heard()
    return heard


def at_once(url: str, lines: Sequence[tuple[str, str]]) -> list[str]:
    """What each reads; all type at the same moment, each as a moderator."""
    together = Barrier(len(lines))

    def one(name: str, line: str) -> str:
        postgres = Postgres(url)
        together.wait(30)
        heard = typed(postgres, name, line, "moderator")
        postgres.close()
        return heard

    with ThreadPoolExecutor(len(lines)) as threads:
        return list(threads.map(one, *zip(*lines, strict=True)))


def test_two_draws_at_one_moment_are_one_draw(database_urls: Urls, database: Postgres) -> None:
    url = as_module(database_urls, "giveaways")
    postgres = Postgres(url)
    typed(postgres, "Max", "!giveaway start A fish", "moderator")
    for name in PEOPLE:
        typed(postgres, name, "!enter")

    told = at_once(url, [("Max", "!giveaway draw")] * 4)

    assert sorted(one[:1] == "🎉" for one in told) == [False, False, False, True]
    assert sum("was drawn already" in one for one in told) == 3
    with postgres.writer() as connection:
        giveaways = Giveaways(connection)
        found = giveaways.find(1, 1)
        assert found
        (winner,) = giveaways.draws.of(found)
    with database.writer() as connection:
        rows = Due(connection).take(NOW + timedelta(days=1), 100)
    assert [row.data["news"] for row in rows] == ["won", "claim"]
    assert all(winner.entry.entry in one for one in told)
    postgres.close()


def test_an_entry_at_the_moment_of_the_draw_is_refused_or_counted(database_urls: Urls) -> None:
    url = as_module(database_urls, "giveaways")
    postgres = Postgres(url)
    typed(postgres, "Max", "!giveaway start A fish", "moderator")
    typed(postgres, "Zoe", "!enter")

    lines = [(name, "!enter") for name in PEOPLE]
    told = at_once(url, [*lines, ("Max", "!giveaway draw")])

    counted = sum("You are in for" in one for one in told[:-1])
    refused = sum("No giveaway runs" in one or "are closed" in one for one in told[:-1])
    assert counted + refused == len(PEOPLE)
    assert f"drawn from {counted + 1} p" in told[-1]
    postgres.close()


def test_two_starts_at_one_moment_are_one_giveaway(database_urls: Urls) -> None:
    url = as_module(database_urls, "giveaways")

    told = at_once(url, [("Max", "!giveaway start A fish")] * 3)

    assert sorted("runs already" in one for one in told) == [False, True, True]


def test_one_person_with_two_clicks_at_once_is_in_once(database_urls: Urls) -> None:
    url = as_module(database_urls, "giveaways")
    postgres = Postgres(url)
    typed(postgres, "Max", "!giveaway start A fish", "moderator")

    told = at_once(url, [("Ana", "!enter")] * 3)

    assert sum("already" in one for one in told) == 2
    assert "1 person in" in typed(postgres, "Max", "!giveaway")
    postgres.close()
