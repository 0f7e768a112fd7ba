"""`[[limits]]`."""

from __future__ import annotations

from typing import Any

from waddlebot.decisions.asking import Asker
from waddlebot.decisions.part_text import (
    ByKind,
    PartText,
    command_named,
    put,
    sorted_rows,
    without_empty,
)
from waddlebot.decisions.parts.limits.deeds import drop_limit, set_limit
from waddlebot.decisions.text_table import MOST_NUMBER, TextTable
from waddlebot.domain import sayings
from waddlebot.domain.community_facts import (
    Difference,
    FactKind,
    Facts,
    Key,
    among_rows,
    in_place,
)
from waddlebot.domain.limits import Limit
from waddlebot.stores.command_limits import limit_of
from waddlebot.stores.part_rows import CommunityRow
from waddlebot.stores.versions import Edit
from waddlebot_sdk.roles import Role


def _described(command: str, entity: str | None, role: Role, together: bool) -> str:  # noqa: FBT001 - a key's order
    shared = ", everybody together" if together else ""
    who = "" if role is Role.USER else f", for {sayings.who_may(role)}"
    return f"limit {sayings.limited(command)}{shared}{who}{in_place(entity)}"


def _shown(key: Key, value: tuple[int, int]) -> str:
    calls, seconds = value
    return sayings.how_often(Limit(command=key[1], calls=calls, seconds=seconds))


LIMIT = FactKind(name="limit", place=among_rows("limits"), described=_described, shown=_shown)
"""(command, entity or None, Role, together) -> (calls, seconds)"""


def _facts(row: CommunityRow) -> Facts:
    limits = map(limit_of, row["limits"] or ())
    return {
        (LIMIT, one.command, one.entity, one.role, one.together): (one.calls, one.seconds)
        for one in limits
    }


def _read(top: TextTable) -> Facts:
    facts: dict[Key, Any] = {}
    for row in top.rows("limits"):
        put(facts, _read_limit(row), row)
    return facts


def _read_limit(row: TextTable) -> Facts:
    key = (
        LIMIT,
        row.text("command", usual="", may_be_empty=True).lower(),
        row.text("place", usual="") or None,
        row.role("role", usual=Role.USER),
        row.flag("together"),
    )
    value = (row.number("calls", most=MOST_NUMBER), row.seconds("seconds", most=MOST_NUMBER))
    row.check_end()
    return {key: value}


def _write(facts: ByKind) -> dict[str, Any]:
    return {"limits": [_row(*one) for one in sorted_rows(facts[LIMIT])]}


def _row(about: Key, value: tuple[int, int]) -> dict[str, Any]:
    command, entity, role, together = about
    row = {
        "command": command,
        "calls": value[0],
        "seconds": value[1],
        "together": together,
        "role": "" if role is Role.USER else role.value,
        "place": entity or "",
    }
    return without_empty(row, "command", "calls", "seconds")


def _limit(edit: Edit, asker: Asker, one: Difference) -> None:
    _, command, entity, role, together = one.key
    calls, seconds = one.after or (0, 0)
    limit = Limit(
        command=command, calls=calls, seconds=seconds, together=together, role=role, entity=entity
    )
    if one.after is None:
        drop_limit(edit, asker, limit)
    else:
        set_limit(edit, asker, limit)


TEXT = PartText(
    deeds={LIMIT: _limit}, facts=_facts, read=_read, write=_write, declared=command_named
)
