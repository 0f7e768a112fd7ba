"""Makes room: partitions for the days ahead, and what has served its time goes; points fade."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

from waddlebot.runtime.entering import address_of
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.needs import VARIABLES, Need
from waddlebot.runtime.room_logs import room_log
from waddlebot.stores.day_partitions import sweep_partitions
from waddlebot.stores.fading import fade_points
from waddlebot.stores.leftovers import sweep_leftovers
from waddlebot.stores.postgres import Postgres

log = logging.getLogger(__name__)


def handler(_aws_event: dict[str, Any], context: object) -> dict[str, Any]:
    """`{"dropped": [partitions], "deleted": {table: rows}, "faded": accounts}`."""
    room_log("upkeep-sweep", context)
    environment = Environment.of_process()
    postgres = Postgres(address_of(environment, VARIABLES[Need.WRITER]), name="upkeep-sweep")
    try:
        swept = sweep(postgres, datetime.now(UTC))
    finally:
        postgres.close()
    log.info("swept", extra=swept)
    return swept


def sweep(postgres: Postgres, now: datetime) -> dict[str, Any]:
    """`{"dropped": partitions, "deleted": {table: rows}, "faded": accounts}`.

    Raises Unavailable.
    """
    with postgres.writer() as connection:
        dropped = sweep_partitions(connection, now.date())
    with postgres.writer() as connection:
        deleted = sweep_leftovers(connection, now)
    with postgres.writer() as connection:
        faded = fade_points(connection, now)
    return {"dropped": dropped, "deleted": deleted, "faded": faded}
