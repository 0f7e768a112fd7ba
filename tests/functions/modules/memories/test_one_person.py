"""Linked accounts are one person, who reacts to something once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from functions.modules.memories.module import MODULE
from functions.modules.memories.store import Memories
from tests.helpers.module_users import as_module
from tests.helpers.servers import Urls
from waddlebot.stores.postgres import Postgres
from waddlebot_sdk.dialogue import Dialogue

PLACES = {"twitch": "twitch:channel:demo", "discord": "discord:channel:1"}


@pytest.fixture
def url(database_urls: Urls) -> str:
    return as_module(database_urls, "memories")


def typed(url: str, name: str, line: str, *, on: str = "twitch", role: str = "user") -> str:
    """In a transaction of its own, as each call is."""
    postgres = Postgres(url)
    try:
        with postgres.writer() as connection:
            chat = Dialogue(MODULE, Memories(connection), entity=PLACES[on])
            chat.says(name, line, role=role)
            (heard,) = chat.heard()
    finally:
        postgres.close()
    return heard


def kept(url: str, *words: str) -> None:
    for quote in words:
        typed(url, "Max", f"!addquote {quote}", role="moderator")


def link_ana(database: Postgres) -> None:
    [row] = database.write("INSERT INTO people DEFAULT VALUES RETURNING id")
    for platform, user in (("twitch", "ana"), ("discord", "ana_d")):
        database.write(
            "INSERT INTO identities (platform, user_id, person_id, name) VALUES (%s, %s, %s, %s)",
            (platform, user, row["id"], user),
        )


def test_a_reaction_is_taken_back_with_another_account(url: str, database: Postgres) -> None:
    link_ana(database)
    kept(url, "Waddle on!")
    assert typed(url, "Ana", "!memories react 1") == "👍 for #1. (👍 1)"
    assert typed(url, "Bob", "!memories react 1") == "👍 for #1. (👍 2)"
    taken = typed(url, "Ana_D", "!memories react 1", on="discord")
    assert taken == "👍 taken back from #1. (👍 1)"
    loved = typed(url, "Ana_D", "!memories react 1 love", on="discord")
    assert loved == "❤ for #1. (👍 1, ❤ 1)"


def test_accounts_that_are_linked_after_they_reacted_count_once(
    url: str, database: Postgres
) -> None:
    kept(url, "One", "Two")
    typed(url, "Ana", "!memories react 1")
    typed(url, "Ana_D", "!memories react 1", on="discord")
    typed(url, "Ana_D", "!memories react 1 love", on="discord")
    typed(url, "Bob", "!memories react 2")
    assert typed(url, "Cleo", "!memories react 2 love") == "❤ for #2. (👍 1, ❤ 1)"
    typed(url, "Dora", "!memories react 1 laugh")
    before = typed(url, "Ana", "!memories top")
    assert before.index("One") < before.index("Two"), "3 of 2"

    link_ana(database)
    after = typed(url, "Ana", "!memories top")
    assert after.index("Two") < after.index("One"), "both have 2, the newer one is first"
    taken = typed(url, "Ana", "!memories react 1")
    assert taken == "👍 taken back from #1. (❤ 1, 😂 1)", "with both accounts"


def test_reactions_of_one_person_at_the_same_moment_count_once(
    url: str, database: Postgres
) -> None:
    link_ana(database)
    kept(url, "Waddle on!")
    together = Barrier(2)

    def react(one: tuple[str, str]) -> str:
        together.wait(30)
        return typed(url, one[0], "!memories react 1", on=one[1])

    for _ in range(3):
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(react, [("Ana", "twitch"), ("Ana_D", "discord")]))
        counted = typed(url, "Bob", "!memories react 1 laugh")
        assert "👍 2" not in counted, counted
        typed(url, "Bob", "!memories react 1 laugh")
