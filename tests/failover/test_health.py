"""`/health` tells of each server whether it does its work, not whether it can be reached."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from functions.operations import handler as operations
from tests.failover.conftest import Own
from tests.failover.sides import (
    cut_off,
    database_read_only,
    disk_broken,
    full,
    read_only,
    replica_less,
)
from tests.helpers.aws_context import AwsContext
from waddlebot.stores.keys import Partition
from waddlebot.stores.valkey import connect

ANSWERS = "answers"

pytestmark = pytest.mark.xdist_group("servers of their own")


@pytest.fixture(autouse=True)
def environment(own: Own, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, url in own.urls.items():
        monkeypatch.setenv(name, url)


def health() -> tuple[int, dict[str, str]]:
    operations.found_health.cache_clear()  # what was found a second ago
    told = operations.handler({"routeKey": "GET /health"}, AwsContext())
    return told["statusCode"], json.loads(told["body"])["servers"]


@contextmanager
def nearly_full(url: str) -> Iterator[None]:
    with connect(url) as client:
        client.set(Partition().full(), "1")
        yield
        client.delete(Partition().full())


CHANGES: dict[str, tuple[str, Callable[[str], AbstractContextManager[None]], str]] = {
    "a cache that became a replica": ("cache", read_only, "takes no writes"),
    "a cache that lost its primary": ("cache", cut_off, ""),
    "a limits server without replicas": (
        "limits",
        replica_less,
        "has too few replicas and takes no writes",
    ),
    "a streams server that became a replica": ("streams", read_only, "takes no writes"),
    "a streams server that is full": ("streams", full, "has no room left"),
    "a streams server that takes no events": ("streams", nearly_full, "has no room left"),
    "a streams server with a broken disk": (
        "streams",
        disk_broken,
        "cannot write to its disk and takes no writes",
    ),
}


@pytest.mark.parametrize("case", CHANGES)
def test_health_tells_of_a_valkey_that_answers_and_does_not_do_its_work(
    own: Own, case: str
) -> None:
    name, change, words = CHANGES[case]
    assert health() == (
        200,
        dict.fromkeys(["writer", "replica", "cache", "limits", "streams"], ANSWERS),
    )

    with change(own.urls[f"VALKEY_{name.upper()}_URL"]):
        status, servers = health()
        ill = {server: words for server, words in servers.items() if words != ANSWERS}

    assert status == 503
    assert list(ill) == [name]
    assert words in ill[name]


def test_health_tells_of_a_writer_that_takes_no_writes_and_of_its_return(own: Own) -> None:
    with database_read_only(own.pid("postgres"), own.urls["DATABASE_URL"]):
        status, servers = health()

    assert (status, servers["writer"]) == (503, "takes no writes")
    assert servers["replica"] == ANSWERS
    assert health()[0] == 200


def test_health_tells_of_a_replica_that_is_gone_and_of_its_return(own: Own) -> None:
    own.plane.stop_one("replica")
    status, servers = health()
    own.plane.start_one("replica")

    assert (status, servers["replica"]) == (503, "does not answer")
    assert servers["writer"] == ANSWERS
    assert health()[0] == 200
