from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
import redis

from waddlebot.domain.errors import Rejected, Unavailable
from waddlebot.runtime.callers import Callers
from waddlebot.stores.api_keys import ApiKey, ApiKeys, hash_key
from waddlebot.stores.postgres import Postgres

KEY = "wbk_1"
ACCOUNT = ApiKey(account="overlay", scopes=frozenset({"read"}), per_minute=2)


@dataclass(slots=True)
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def keys(database: Postgres) -> ApiKeys:
    keys = ApiKeys(database)
    keys.insert(hash_key(KEY), ACCOUNT)
    return keys


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": f"Bearer {KEY}"},
        {"authorization": f"bearer  {KEY} "},
        {"x-api-key": KEY},
        {"authorization": "Basic abc", "x-api-key": KEY},
    ],
)
def test_a_key_is_found_where_callers_put_it(
    keys: ApiKeys, limits: redis.Redis, headers: dict[str, str]
) -> None:
    assert Callers(keys, limits).identify(headers) == ACCOUNT


def test_a_known_key_is_not_asked_for_again_within_a_minute(
    keys: ApiKeys, limits: redis.Redis, database: Postgres
) -> None:
    clock = Clock()
    callers = Callers(keys, limits, clock)
    headers = {"x-api-key": KEY}
    callers.identify(headers)
    database.write("DELETE FROM api_keys")

    clock.now += 59
    assert callers.identify(headers) == ACCOUNT
    clock.now += 2
    with pytest.raises(Rejected) as caught:
        callers.identify(headers)
    assert caught.value.status == 401


def test_a_key_is_refused_from_the_moment_that_it_ends(keys: ApiKeys, limits: redis.Redis) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=2)
    keys.insert(hash_key("wbk_short"), replace(ACCOUNT, expires_at=soon))
    callers = Callers(keys, limits)
    assert callers.identify({"x-api-key": "wbk_short"}).account == "overlay"

    time.sleep(2.1)
    with pytest.raises(Rejected) as caught:
        callers.identify({"x-api-key": "wbk_short"})
    assert (caught.value.status, caught.value.code) == (401, "EXPIRED_API_KEY")


def test_it_is_known_when_and_how_often_a_key_was_used(keys: ApiKeys, limits: redis.Redis) -> None:
    clock = Clock()
    callers = Callers(keys, limits, clock)
    for _ in range(3):
        callers.identify({"x-api-key": KEY})
    clock.now += 61
    callers.identify({"x-api-key": KEY})

    [known] = keys.list_all()
    assert known.uses == 3
    assert known.last_used_at is not None


def test_a_database_that_is_away_is_nobodys_wrong_key(limits: redis.Redis) -> None:
    away = ApiKeys(Postgres("postgresql://nobody@127.0.0.1:1/none"))

    with pytest.raises(Unavailable):
        Callers(away, limits).identify({"x-api-key": KEY})


def test_while_the_limits_server_is_away_the_process_counts_for_itself(
    keys: ApiKeys, nowhere: redis.Redis
) -> None:
    clock = Clock()
    callers = Callers(keys, nowhere, clock)

    left = [callers.charge(ACCOUNT)["x-ratelimit-remaining"] for _ in range(2)]
    with pytest.raises(Rejected) as caught:
        callers.charge(ACCOUNT)
    clock.now += 60

    assert left == ["1", "0"]
    assert caught.value.status == 429
    assert callers.charge(ACCOUNT)["x-ratelimit-remaining"] == "1"
