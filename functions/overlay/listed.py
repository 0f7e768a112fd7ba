"""The last events of a community as the corner of a page lists them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from functions.overlay.shown import shown
from waddlebot.stores.overlays import NumberedPush

_FIELDS = ("n", "at", "alert", "name", "amount", "tier", "platform", "of")


def listed(events: Sequence[NumberedPush], *, lines: int | None) -> dict[str, Any] | None:
    """`{"lines": 5, "entries": [{"n", "at", "alert", "name", "amount", "tier", "platform",
    "of"}]}`, an
    entry as a frame has it too, the newest first. None: there is no list.
    """
    if lines is None:
        return None
    entries = [{name: one[name] for name in _FIELDS} for one in map(shown, events)]
    return {"lines": lines, "entries": entries}
