"""`commands."!quote".role`."""

from __future__ import annotations

from typing import Any

from waddlebot.decisions.asking import Asker
from waddlebot.decisions.part_text import PartText, command_named, put
from waddlebot.decisions.parts.rights.deeds import say_who_may_use
from waddlebot.decisions.text_table import TextTable
from waddlebot.domain import sayings
from waddlebot.domain.community_facts import Difference, FactKind, Facts, Key, at
from waddlebot.stores.part_rows import CommunityRow
from waddlebot.stores.versions import Edit
from waddlebot_sdk.roles import Role

RIGHT = FactKind(
    name="who may use",
    place=at("commands.{}.role"),
    shown=lambda _key, role: sayings.who_may(role),
)
"""(command,) -> Role"""


def _facts(row: CommunityRow) -> Facts:
    return {(RIGHT, name): Role(role) for name, role in (row["needed"] or {}).items()}


def _read(top: TextTable) -> Facts:
    facts: dict[Key, Any] = {}
    for typed, table in top.tables_in("commands"):
        if "role" in table.fields:
            put(facts, {(RIGHT, typed.lower()): table.role("role")}, table)
    return facts


def _say_who_may_use(edit: Edit, asker: Asker, one: Difference) -> None:
    say_who_may_use(edit, asker, command=one.key[1], role=one.after)


TEXT = PartText(
    deeds={RIGHT: _say_who_may_use},
    facts=_facts,
    read=_read,
    write=lambda facts: {
        "commands": {name: {"role": role.value} for (name,), role in facts[RIGHT].items()}
    },
    declared=command_named,
)
