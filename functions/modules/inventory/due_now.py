"""What was planned for later has come: each kind has one function that says it, once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from functions.modules.inventory import late_commands, request_commands, waiting_commands
from functions.modules.inventory.store import Inventory
from waddlebot_sdk import Answer, Call

_SAID: Mapping[str, Callable[[Call, Inventory], Answer]] = {
    "kept": waiting_commands.kept,
    "kept no more": waiting_commands.kept_no_more,
    "gone": waiting_commands.gone,
    "reminder": late_commands.reminded,
    "answered": request_commands.answered,
}


def due_now(call: Call, inventory: Inventory) -> Answer:
    """Of a kind that a newer release planned nothing is said."""
    said = _SAID.get(str(call.data.get("what")))
    return said(call, inventory) if said else None
