"""One value of a community or place that is set, and noted as it was and as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, LiteralString

from waddlebot.domain.entities import CommunityId
from waddlebot.domain.errors import Rejected
from waddlebot.stores.postgres import Connection
from waddlebot.stores.versions import Edit

SettingValue = bool | int | str


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueSet:
    """One value that is changed, as the audit log tells it."""

    action: str
    about: str
    value: SettingValue | None


def set_value(
    edit: Edit, statement: LiteralString, params: dict[str, Any], change: ValueSet
) -> None:
    """`statement` sets `%(value)s`, and returns whose it is and what it `was`.

    Raises Rejected: 404.

    `params` are the others of the statement.
    """
    row = the_one(edit.connection, statement, {**params, "value": change.value})
    community = CommunityId(row["community_id"])
    if row["was"] == change.value:  # said again
        edit.touch([community])
        return
    edit.note(
        change.action,
        change.about,
        community,
        before=None if row["was"] is None else {"value": row["was"]},
        after={"value": change.value},
    )


def the_one(
    connection: Connection, statement: LiteralString, params: dict[str, Any]
) -> dict[str, Any]:
    """The row of a place or community. Raises Rejected: 404.

    `{column: value}`; `params` are those of the statement.
    """
    row = connection.execute(statement, params).fetchone()
    if row is None:
        raise Rejected(404, "NOT_FOUND", "There is no such place or community.")
    return row
