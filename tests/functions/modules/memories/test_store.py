"""What only shows when several calls happen at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from functions.modules.memories.kept import Draft, MemoryKind
from functions.modules.memories.people import Somebody
from functions.modules.memories.store import Memories
from tests.helpers.module_users import as_module
from tests.helpers.servers import Urls
from waddlebot.stores.postgres import Postgres

MAX = Somebody(platform="twitch", id="7", name="Max")


def test_numbers_are_given_once_however_many_add_at_the_same_time(database_urls: Urls) -> None:
    def keep_some(worker: int) -> list[int]:
        postgres = Postgres(as_module(database_urls, "memories"))
        numbers = []
        for turn in range(5):
            with postgres.writer() as connection:
                draft = Draft(kind=MemoryKind.QUOTE, content=f"{worker}/{turn}")
                kept = Memories(connection).keep(1, draft, by=MAX)
                assert kept is not None
                numbers.append(kept.number)
        postgres.close()
        return numbers

    with ThreadPoolExecutor(4) as threads:
        given = [number for numbers in threads.map(keep_some, range(4)) for number in numbers]

    assert sorted(given) == list(range(1, 21))
