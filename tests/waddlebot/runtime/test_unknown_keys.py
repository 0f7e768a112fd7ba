"""What strangers with invented keys cost: nothing on the writer, and little elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
import redis

from functions.operations import handler as operations
from tests.helpers.aws_context import AwsContext, logging_restored
from tests.helpers.servers import TEMPLATE, Urls, catch_up, with_path
from waddlebot.domain.errors import Rejected
from waddlebot.domain.key_texts import is_no_key, new_key_text
from waddlebot.runtime.callers import Callers
from waddlebot.runtime.strangers import MOST_UNKNOWN, source_of
from waddlebot.stores.api_keys import ADMIN, ApiKey, ApiKeys, hash_key
from waddlebot.stores.postgres import Postgres

__all__ = ["logging_restored"]

NOWHERE = "postgresql://nobody@127.0.0.1:1/none"
ACCOUNT = ApiKey(account="overlay", scopes=frozenset({ADMIN}), per_minute=1000)
OLD_KEY = "wbot_" + "x" * 43
"""As they were made before keys had a checksum."""


@dataclass(slots=True)
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def keys(replicated: Postgres, database_urls: Urls, cache: redis.Redis) -> ApiKeys:
    keys = ApiKeys(replicated, cache)
    keys.insert(hash_key(OLD_KEY), ACCOUNT)
    catch_up(database_urls)
    return keys


@pytest.fixture
def without_writer(database_urls: Urls, cache: redis.Redis) -> Iterator[ApiKeys]:
    """Whatever is asked of the writer fails."""
    postgres = Postgres(NOWHERE, database_urls["DATABASE_REPLICA_URL"])
    catch_up(database_urls)
    yield ApiKeys(postgres, cache)
    postgres.close()


def refused(callers: Callers, text: str, source: str = "192.0.2.1") -> tuple[int, str]:
    with pytest.raises(Rejected) as caught:
        callers.identify({"x-api-key": text}, source)
    return caught.value.status, caught.value.code


@pytest.mark.parametrize(
    "text",
    ["wrong", "wbk_local", OLD_KEY, new_key_text(), "é" * 100, "\ud800", "w" * 10_000],
    ids=["wrong", "local", "old", "new", "accents", "half", "long"],
)
def test_an_unknown_key_costs_no_statement_on_the_writer(
    without_writer: ApiKeys, limits: redis.Redis, text: str
) -> None:
    assert refused(Callers(without_writer, limits), text) == (401, "UNKNOWN_API_KEY")


def test_a_key_whose_checksum_is_wrong_is_refused_without_asking_anybody(
    nowhere: redis.Redis,
) -> None:
    callers = Callers(ApiKeys(Postgres(NOWHERE), nowhere), nowhere)
    good = new_key_text()
    mistyped = good[:20] + ("a" if good[20] != "a" else "b") + good[21:]

    for text in (mistyped, good[:-1], good + "x", "wbot_short", OLD_KEY[:-1]):
        assert refused(callers, text) == (401, "UNKNOWN_API_KEY"), text


def test_new_keys_are_long_random_letters_and_digits_with_a_checksum() -> None:
    texts = {new_key_text() for _ in range(100)}

    assert len(texts) == 100
    assert all(text.startswith("wbot_") and len(text) == 54 for text in texts)
    assert all(text.removeprefix("wbot_").isalnum() for text in texts)
    assert not any(map(is_no_key, texts))


def test_what_was_asked_in_vain_is_not_asked_again(
    keys: ApiKeys, database_urls: Urls, limits: redis.Redis
) -> None:
    clock = Clock()
    callers = Callers(keys, limits, clock)
    assert refused(callers, "wbk_soon") == (401, "UNKNOWN_API_KEY")
    keys.insert(hash_key("wbk_soon"), ACCOUNT)
    catch_up(database_urls)

    assert refused(callers, "wbk_soon") == (401, "UNKNOWN_API_KEY")
    clock.now += 61
    assert callers.identify({"x-api-key": "wbk_soon"}) == ACCOUNT


def test_a_key_without_a_checksum_stays_good(keys: ApiKeys, limits: redis.Redis) -> None:
    assert Callers(keys, limits).identify({"x-api-key": OLD_KEY}) == ACCOUNT


def test_a_new_key_works_at_once_however_far_the_replica_is_behind(
    database_urls: Urls, cache: redis.Redis, limits: redis.Redis
) -> None:
    behind = with_path(database_urls["DATABASE_REPLICA_URL"], TEMPLATE)  # where nothing ever came
    postgres = Postgres(database_urls["DATABASE_URL"], behind)
    keys = ApiKeys(postgres, cache)
    made = keys.make(ACCOUNT, by="tests")
    next_one = keys.rotate("overlay", overlap=timedelta(hours=1), by="tests")

    assert Callers(keys, limits).identify({"x-api-key": made}).account == "overlay"
    assert Callers(keys, limits).identify({"x-api-key": next_one}).account == "overlay"
    postgres.close()


def test_an_address_that_invents_keys_has_to_wait_and_nobody_else(
    keys: ApiKeys, limits: redis.Redis
) -> None:
    callers = Callers(keys, limits)
    for number in range(MOST_UNKNOWN):
        assert refused(callers, f"wbk_{number}")[0] == 401
    known = Callers(keys, limits)
    assert known.identify({"x-api-key": OLD_KEY}, "198.51.100.1") == ACCOUNT

    assert refused(callers, "wbk_more") == (429, "TOO_MANY_UNKNOWN_KEYS")
    assert refused(Callers(keys, limits), "wbk_more")[0] == 429  # another process, too
    assert refused(callers, "wbk_more", "192.0.2.2")[0] == 401
    assert known.identify({"x-api-key": OLD_KEY}, "192.0.2.1") == ACCOUNT


def test_while_the_limits_server_is_away_each_process_counts_strangers_itself(
    keys: ApiKeys, nowhere: redis.Redis
) -> None:
    callers = Callers(keys, nowhere)
    told = [refused(callers, f"wbk_{number}")[0] for number in range(2 * MOST_UNKNOWN)]

    assert told[:MOST_UNKNOWN] == [401] * MOST_UNKNOWN
    assert 429 in told


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("nonsense", ""),
        (None, ""),
    ],
)
def test_a_household_is_one_source(address: str | None, source: str) -> None:
    assert source_of({"requestContext": {"http": {"sourceIp": address}}}) == source
    assert source_of({}) == ""


def test_at_the_door_a_stranger_is_told_so_while_the_writer_is_away(
    database_urls: Urls,
    monkeypatch: pytest.MonkeyPatch,
    limits: redis.Redis,  # noqa: ARG001 - flushed
    logging_restored: None,  # noqa: ARG001 - a fixture
) -> None:
    catch_up(database_urls)
    for name, value in database_urls.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DATABASE_URL", NOWHERE)
    operations.forget()
    event = {
        "routeKey": "GET /api/operations/claims",
        "headers": {"authorization": "Bearer wbk_invented"},
        "requestContext": {"http": {"sourceIp": "192.0.2.7"}},
    }

    told = operations.handler(event, AwsContext())

    operations.forget()
    assert told["statusCode"] == 401
