"""`commands."!quote".called`."""

from __future__ import annotations

from typing import Any

from waddlebot.decisions.asking import Asker
from waddlebot.decisions.part_text import PartText, command_named, put
from waddlebot.decisions.parts.words.deeds import rename_command
from waddlebot.decisions.text_table import TextTable
from waddlebot.domain.community_facts import Difference, FactKind, Facts, Key, at
from waddlebot.stores.part_rows import CommunityRow
from waddlebot.stores.settings import NAMES
from waddlebot.stores.versions import Edit

CALLED = FactKind(name="name of", place=at("commands.{}.called"))
"""(command,) -> name"""


def _facts(row: CommunityRow) -> Facts:
    return {(CALLED, command): name for name, command in row["settings"].get(NAMES, {}).items()}


def _read(top: TextTable) -> Facts:
    facts: dict[Key, Any] = {}
    for typed, table in top.tables_in("commands"):
        if "called" in table.fields:
            put(facts, {(CALLED, typed.lower()): table.text("called").lower()}, table)
    return facts


def _call(edit: Edit, asker: Asker, one: Difference) -> None:
    rename_command(edit, asker, command=one.key[1], name=one.after)


def _give_up(edit: Edit, asker: Asker, one: Difference) -> None:
    rename_command(edit, asker, command=one.key[1], name=None)


TEXT = PartText(
    deeds={CALLED: _call},
    facts=_facts,
    read=_read,
    write=lambda facts: {
        "commands": {name: {"called": called} for (name,), called in facts[CALLED].items()}
    },
    free=_give_up,
    declared=command_named,
)
