"""A house whose streams server hangs on a wire that can be tampered with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import redis

from tests.chaos.tap import Tap
from tests.helpers.homes import a_home, home
from tests.helpers.house import House, running
from tests.helpers.servers import Urls

__all__ = ["home"]  # a fixture


@dataclass(frozen=True, slots=True, kw_only=True)
class Tapped:
    house: House
    tap: Tap


@pytest.fixture(scope="module")
def tapped(servers: Urls) -> Iterator[Tapped]:
    url = servers["VALKEY_STREAMS_URL"]
    client = redis.Redis.from_url(url)
    client.flushdb()
    client.close()
    with (
        Tap(url).open() as tap,
        a_home() as folder,
        running(folder, VALKEY_STREAMS_URL=tap.url) as (house, _),
    ):
        yield Tapped(house=house, tap=tap)
