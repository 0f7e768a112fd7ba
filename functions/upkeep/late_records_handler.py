"""Writes the rows of the record that had to wait for the writer."""

from __future__ import annotations

import logging
from typing import Any

from waddlebot.runtime.environment import Environment
from waddlebot.runtime.resources import Resources
from waddlebot.runtime.room_logs import room_log
from waddlebot.stores.late_records import LateRecords

log = logging.getLogger(__name__)


def handler(_aws_event: dict[str, Any], context: object) -> dict[str, Any]:
    """`{"written": batches}`. Raises Unavailable: the rest is written at the next call."""
    room_log("upkeep-late-records", context)
    resources = Resources(Environment.of_process())
    try:
        written = LateRecords(resources.streams, resources.partitions).write(resources.postgres)
    finally:
        resources.close()
    if written:
        log.info("late records written", extra={"batches": written})
    return {"written": written}
