"""The room of operations with real servers behind it, and keys that open one scope each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis

from functions.communities import handler as communities
from functions.operations import handler as operations
from tests.helpers.aws_context import logging_restored
from tests.helpers.servers import Urls, catch_up
from waddlebot.stores.api_keys import ADMIN, COLLECTOR, ApiKey, ApiKeys, hash_key
from waddlebot.stores.postgres import Postgres

__all__ = ["environment", "logging_restored"]


@pytest.fixture
def environment(
    database_urls: Urls,
    database: Postgres,
    limits: redis.Redis,
    monkeypatch: pytest.MonkeyPatch,
    logging_restored: None,
) -> Iterator[Urls]:
    """`key-collector` may ask, `key-admin` may ask and decide, `key-nothing` may neither."""
    assert logging_restored is None
    assert limits.dbsize() == 0  # nobody was charged yet
    for name, value in database_urls.items():
        monkeypatch.setenv(name, value)
    for scopes in ({COLLECTOR}, {COLLECTOR, ADMIN}, {"nothing"}):
        name = min(scopes)
        key = ApiKey(account=f"account-{name}", scopes=frozenset(scopes), per_minute=100)
        ApiKeys(database).insert(hash_key(f"key-{name}"), key)
    catch_up(database_urls)
    yield database_urls
    operations.forget()
    communities.forget()
