"""Tables as the specification names them, page by page: views in the schema `specification`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, LiteralString

from waddlebot.stores.postgres import Postgres


class Table(StrEnum):
    SERVERS = "servers"
    ENTITIES = "entities"
    COMMANDS = "commands"
    COMMAND_EXECUTIONS = "command_executions"
    COORDINATION = "coordination"

    @property
    def is_numbered(self) -> bool:
        """Whether its ids are numbers."""
        return self is not Table.COMMAND_EXECUTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecifiedRow:
    """`columns` are all of them, `id` among them, by their names in the specification."""

    id: int | str
    columns: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """`ids` comes first: what a row shows may cost a look into other tables, row by row."""

    ids: LiteralString
    rows: LiteralString


_PAGES: Mapping[Table, _Page] = {
    Table.SERVERS: _Page(
        ids="SELECT DISTINCT id FROM specification.servers",
        rows="SELECT * FROM specification.servers",
    ),
    Table.ENTITIES: _Page(
        ids="SELECT entity_number AS id FROM entities",
        rows="SELECT * FROM specification.entities",
    ),
    Table.COMMANDS: _Page(
        ids="SELECT id FROM commands", rows="SELECT * FROM specification.commands"
    ),
    Table.COMMAND_EXECUTIONS: _Page(
        ids="SELECT execution_id AS id FROM command_executions WHERE status IS NOT NULL",
        rows="SELECT * FROM specification.command_executions",
    ),
    Table.COORDINATION: _Page(
        ids="SELECT id FROM coordination", rows="SELECT * FROM specification.coordination"
    ),
}
_IN_ORDER: LiteralString = " ORDER BY id LIMIT %(most)s"


def read_table(
    postgres: Postgres, table: Table, *, after: int | str | None, most: int
) -> Sequence[SpecifiedRow]:
    """By id: of so many at most, behind that one; an id may have several rows.

    Raises Unavailable.
    """
    page = _PAGES[table]
    behind: LiteralString = "" if after is None else " WHERE id > %(after)s"
    found = postgres.read(
        "SELECT id FROM (" + page.ids + ") AS page" + behind + _IN_ORDER,  # noqa: S608 - ours
        {"after": after, "most": most},
    )
    ids = [row["id"] for row in found]
    rows = postgres.read(page.rows + " WHERE id = ANY(%(ids)s) ORDER BY id", {"ids": ids})
    return [SpecifiedRow(id=row["id"], columns=row) for row in rows]
