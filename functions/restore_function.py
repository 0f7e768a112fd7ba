"""The catalogue's row of what an operator calls at night."""

from __future__ import annotations

from functions.declaration import Function
from waddlebot.runtime.needs import Need

RESTORE = Function(
    name="upkeep-restore",
    handler="functions.upkeep.restore_handler.handler",
    folders=("functions/upkeep",),
    needs=frozenset({Need.WRITER, Need.CACHE}),
    timeout_seconds=14 * 60,  # all rows there are, and whoever waits hears how it ended
    concurrency=1,
    direct=True,
)
