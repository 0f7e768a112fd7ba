"""How many lines people wrote in a place, as the record counts them for those who ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from waddlebot.domain.entities import EntityId
from waddlebot.stores.postgres import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesHeard:
    """`lines` is a number that only grows, `last_at` when the newest of them was written; None
    where none was since somebody first asked.
    """

    lines: int
    last_at: datetime | None


def lines_heard(connection: Connection, entity: EntityId) -> LinesHeard:
    """From the first call on, lines of this place are counted; edits and our own are none."""
    row = connection.execute("SELECT * FROM hear_lines(%s)", (entity,)).fetchone()
    assert row is not None  # noqa: S101 - it makes its row
    return LinesHeard(lines=row["lines"], last_at=row["last_at"])
