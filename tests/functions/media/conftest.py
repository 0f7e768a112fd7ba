"""A community whose uploads are read back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.events_and_commands import TWITCH
from tests.helpers.media_reading import Reading, a_reading
from tests.helpers.servers import Urls
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions, editing


@pytest.fixture
def reading(
    database: Postgres,
    versions: Versions,
    database_urls: Urls,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Reading]:
    with editing(database, versions) as edit:
        community = Places(edit).join([TWITCH], "The Pond")
    with a_reading(
        database,
        versions,
        community,
        url=database_urls["DATABASE_URL"],
        folder=tmp_path / "media",
        monkeypatch=monkeypatch,
    ) as at:
        yield at
