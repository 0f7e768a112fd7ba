"""Rows that this release does not understand: skipped and said, so that nothing else stops.

A newer release, or a hand, may write what this one has no word for.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

Row = TypeVar("Row")
Read = TypeVar("Read")

log = logging.getLogger(__name__)


def understood(table: str, rows: Iterable[Row], read: Callable[[Row], Read]) -> list[Read]:
    """What `read` made of each row that it could read."""
    found: list[Read] = []
    for row in rows:
        try:
            found.append(read(row))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            log.warning(
                "row not understood: skipped",
                extra={"table": table, "row": _named(row), "error": f"{error!r}"[:200]},
            )
    return found


def _named(row: object) -> str:
    """Enough to find it, and nothing that people wrote."""
    if not isinstance(row, Mapping):
        return str(row)[:100]
    told: dict[str, Any] = {
        name: row[name] for name in ("id", "prefix", "command", "type", "role") if name in row
    }
    return str(told)[:200]
