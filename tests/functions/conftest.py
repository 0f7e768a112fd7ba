"""The router's doors, as most tests of functions want them: ours, on servers that are empty."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis

from tests.helpers.aws_context import logging_restored
from tests.helpers.router_doors import Doors, open_doors
from tests.helpers.servers import Urls
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions

__all__ = ["logging_restored"]  # a fixture


@pytest.fixture
def doors(  # noqa: PLR0917 - fixtures
    database: Postgres,
    versions: Versions,
    database_urls: Urls,
    streams: redis.Redis,  # noqa: ARG001 - flushed
    limits: redis.Redis,  # noqa: ARG001 - flushed
    monkeypatch: pytest.MonkeyPatch,
    logging_restored: None,  # noqa: ARG001 - a fixture
) -> Iterator[Doors]:
    with open_doors(database, versions, database_urls, monkeypatch) as doors:
        yield doors
