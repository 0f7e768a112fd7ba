"""A person counts once, whichever account votes and however many at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest

from functions.modules.polls.module import MODULE
from functions.modules.polls.polling import Polls
from tests.helpers.module_users import as_module
from tests.helpers.servers import Urls
from waddlebot.stores.postgres import Postgres
from waddlebot_sdk.dialogue import Dialogue

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
PLACES = {"twitch": "twitch:channel:demo", "discord": "discord:channel:1"}


@pytest.fixture
def url(database_urls: Urls) -> str:
    return as_module(database_urls, "polls")


def typed(url: str, name: str, line: str, *, on: str = "twitch", role: str = "user") -> str:
    """In a transaction of its own, as each call is."""
    postgres = Postgres(url)
    try:
        with postgres.writer() as connection:
            chat = Dialogue(MODULE, Polls(connection), now=NOW, entity=PLACES[on])
            chat.says(name, line, role=role)
            (heard,) = chat.heard()
    finally:
        postgres.close()
    return heard


def moderates(url: str, line: str) -> str:
    return typed(url, "Max", line, role="moderator")


def link(database: Postgres, *accounts: tuple[str, str]) -> None:
    [row] = database.write("INSERT INTO people DEFAULT VALUES RETURNING id")
    for platform, user in accounts:
        database.write(
            "INSERT INTO identities (platform, user_id, person_id, name) VALUES (%s, %s, %s, %s)",
            (platform, user, row["id"], user),
        )


def test_linked_accounts_are_one_person(url: str, database: Postgres) -> None:
    link(database, ("twitch", "ana"), ("discord", "ana_d"))
    moderates(url, '!poll "What?" a | b')
    typed(url, "Ana", "!vote a")
    changed = typed(url, "Ana_D", "!vote b", on="discord")
    assert changed == "You vote for b in poll #1 now, not for a."
    again = typed(url, "Ana", "!vote b")
    assert again == "You vote for b in poll #1 already."
    typed(url, "Bob", "!vote a")
    assert "1 a (1) · 2 b (1). 2 votes so far" in moderates(url, "!poll")
    assert "a and b share the first place with 1 of 2 votes each" in moderates(url, "!poll close")


def test_accounts_that_are_linked_after_they_voted_count_once_by_the_newest(
    url: str, database: Postgres
) -> None:
    moderates(url, '!poll "What?" a | b')
    typed(url, "Ana", "!vote a")
    typed(url, "Ana_D", "!vote b", on="discord")
    assert "2 votes so far" in moderates(url, "!poll")
    link(database, ("twitch", "ana"), ("discord", "ana_d"))
    assert "1 a (0) · 2 b (1). 1 vote so far" in moderates(url, "!poll")


def test_votes_of_one_person_at_the_same_moment_count_once(url: str, database: Postgres) -> None:
    link(database, ("twitch", "ana"), ("discord", "ana_d"))
    moderates(url, '!poll "What?" a | b | c')
    lines = [("Ana", "!vote a", "twitch"), ("Ana_D", "!vote b", "discord")] * 2
    together = Barrier(len(lines))

    def vote(one: tuple[str, str, str]) -> str:
        name, line, on = one
        together.wait(30)
        return typed(url, name, line, on=on)

    with ThreadPoolExecutor(len(lines)) as threads:
        told = list(threads.map(vote, lines))

    assert sum("Another one takes its place" in one for one in told) == 1, told
    assert "1 of 1 vote." in moderates(url, "!poll close")


def test_two_that_are_opened_at_one_moment_are_not_more_than_may_be(url: str) -> None:
    for _ in range(4):
        moderates(url, '!poll "What?" a | b')
    together = Barrier(3)

    def opens(_: int) -> str:
        together.wait(30)
        return moderates(url, '!poll "What?" a | b')

    with ThreadPoolExecutor(3) as threads:
        told = list(threads.map(opens, range(3)))

    assert sorted(one.startswith("5 polls are open already") for one in told) == [False, True, True]


def test_a_vote_at_the_moment_of_closing_is_counted_and_shown_or_refused(url: str) -> None:
    for number in range(1, 6):
        moderates(url, '!poll "What?" a | b')
        people = [f"Ana{one}" for one in range(5)]
        together = Barrier(len(people) + 1)

        def vote(name: str, together: Barrier = together) -> str:
            together.wait(30)
            return typed(url, name, "!vote 1")

        def close(together: Barrier = together) -> str:
            together.wait(30)
            return moderates(url, "!poll close")

        with ThreadPoolExecutor(len(people) + 1) as threads:
            closing = threads.submit(close)
            told = list(threads.map(vote, people))
            result = closing.result()

        counted = sum(one.startswith("You vote for a") for one in told)
        refused = sum(
            one.startswith((f"Poll #{number} is over", "No poll is open")) for one in told
        )
        assert counted + refused == len(people), told
        assert f"a wins with {counted} of {counted} vote" in result or (
            not counted and "Nobody voted" in result
        ), (told, result)
