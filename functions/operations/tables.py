"""The specification's tables as the API shows them: every column under its name, page by page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from functions.operations.numbers import read_limit, read_number
from waddlebot.domain.errors import Rejected
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.specified import Table, read_table

MOST_ROWS = 100
MOST_ID_CHARACTERS = 100

Wire = dict[str, Any]


def read_specified(postgres: Postgres, name: str, query: Mapping[str, str]) -> Wire:
    """`{"table", "rows": [{column: value}], "next"}`, by id; `next` is the next `after`, or None.

    Raises Rejected: 400, 404.
    """
    if name not in set(Table):
        there = ", ".join(Table)
        raise Rejected(404, "UNKNOWN_TABLE", f"There is no table '{name[:80]}': {there}.")
    table, limit = Table(name), read_limit(query, MOST_ROWS)
    rows = read_table(postgres, table, after=_after(table, query), most=limit)
    ids = list(dict.fromkeys(row.id for row in rows))
    return {
        "success": True,
        "table": table.value,
        "rows": [{column: _shown(value) for column, value in row.columns.items()} for row in rows],
        "next": ids[-1] if len(ids) == limit else None,
    }


def _after(table: Table, query: Mapping[str, str]) -> int | str | None:
    if "after" not in query:
        return None
    return (
        read_number(query, "after", 0) if table.is_numbered else query["after"][:MOST_ID_CHARACTERS]
    )


def _shown(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
