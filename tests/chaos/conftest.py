"""A house whose streams server hangs on a wire that can be tampered with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import redis

from tests.chaos.tap import Tap
from tests.helpers.homes import home
from tests.helpers.house import House, running
from tests.helpers.servers import Urls

__all__ = ["home"]  # a fixture


@dataclass(frozen=True, slots=True, kw_only=True)
class Tapped:
    house: House
    tap: Tap


@pytest.fixture(scope="module")
def tapped(servers: Urls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tapped]:
    url = servers["VALKEY_STREAMS_URL"]
    client = redis.Redis.from_url(url)
    client.flushdb()
    client.close()
    folder = tmp_path_factory.mktemp("tapped")
    with (
        Tap(url).open() as tap,
        running(folder / "house", VALKEY_STREAMS_URL=tap.url) as (house, _),
    ):
        yield Tapped(house=house, tap=tap)
