"""`commands."!quote".off` and `off_in`, where it is off in some places."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from waddlebot.decisions.asking import Asker
from waddlebot.decisions.part_text import ByKind, PartText, command_named, put
from waddlebot.decisions.parts.switches.deeds import switch_command
from waddlebot.decisions.text_table import TextTable
from waddlebot.domain.community_facts import Difference, FactKind, Facts, Key, at
from waddlebot.stores.part_rows import CommunityRow
from waddlebot.stores.versions import Edit

OFF = FactKind(name="off", place=at("commands.{}.off"))
"""(command or module,) -> True"""
OFF_AT = FactKind(name="off", place=at("commands.{}.off_in"), described="{} is off in {}".format)
"""(command or module, entity) -> True"""


def _facts(row: CommunityRow) -> Facts:
    off: dict[Key, Any] = {(OFF, name): True for name in row["disabled"]}
    return off | {(OFF_AT, name, entity): True for name, entity in row["off_at"] or ()}


def _read(top: TextTable) -> Facts:
    facts: dict[Key, Any] = {}
    for typed, table in top.tables_in("commands"):
        name = typed.lower()
        read: dict[Key, Any] = {(OFF, name): True} if table.flag("off") else {}
        read |= {(OFF_AT, name, entity): True for entity in table.texts("off_in")}
        put(facts, read, table)
    return facts


def _write(facts: ByKind) -> dict[str, Any]:
    commands: dict[str, dict[str, Any]] = defaultdict(dict)
    for (name,) in facts[OFF]:
        commands[name]["off"] = True
    for name, entity in sorted(facts[OFF_AT]):
        commands[name].setdefault("off_in", []).append(entity)
    return {"commands": dict(commands)}


def _switch(edit: Edit, asker: Asker, one: Difference) -> None:
    _, name, *place = one.key
    at_place = place[0] if place else None
    switch_command(edit, asker, name=name, enabled=not one.after, at=at_place)


TEXT = PartText(
    deeds={OFF: _switch, OFF_AT: _switch},
    facts=_facts,
    read=_read,
    write=_write,
    declared=command_named,
)
