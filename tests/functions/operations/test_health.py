"""Whoever watches asks `/health` without a key: often, and perhaps with bad intent."""

from __future__ import annotations

import json

import psycopg

from functions.operations import handler as operations
from tests.helpers.aws_context import AwsContext
from tests.helpers.servers import Urls, catch_up

HEALTH = {"routeKey": "GET /health"}


def connections_of(urls: Urls) -> int:
    """That this database ever saw."""
    with psycopg.connect(urls["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("SELECT pg_stat_force_next_flush()")
        [count] = connection.execute(
            "SELECT sessions FROM pg_stat_database WHERE datname = current_database()"
        ).fetchone() or [0]
    return int(count)


def test_who_asks_all_the_time_is_told_what_was_found_a_second_ago(environment: Urls) -> None:
    catch_up(environment)
    first = operations.handler(HEALTH, AwsContext())
    before = connections_of(environment)

    told = [operations.handler(HEALTH, AwsContext()) for _ in range(50)]

    assert {json.dumps(one) for one in (first, *told)} == {json.dumps(first)}
    assert connections_of(environment) - before < 10
