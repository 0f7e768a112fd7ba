"""The record of what the router did."""

from __future__ import annotations

import redis

from functions.router.record import Ledger
from waddlebot.stores.keys import Partitions
from waddlebot.stores.late_records import LateRecords
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.valkey import connect


def a_ledger(postgres: Postgres, streams: redis.Redis | None = None) -> Ledger:
    """Without a streams server unless there is one given."""
    client = streams or connect("redis://127.0.0.1:1/0")
    return Ledger(postgres, LateRecords(client, Partitions()))
