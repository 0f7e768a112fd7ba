"""`[custom.hello]`, a table each: `text = "Hi $(user)!"`, `role`, `cooldown`, `cooldown_each`,
`platforms`, `places`, `live`, `hours`, `games`, `category` and `off` besides.
"""

from __future__ import annotations

from typing import Any

from waddlebot.decisions.asking import Asker
from waddlebot.decisions.part_text import ByKind, PartText, put, without_empty
from waddlebot.decisions.parts.custom.deeds import remove_custom, set_custom
from waddlebot.decisions.parts.custom.rows import read_custom
from waddlebot.decisions.text_table import TextTable
from waddlebot.domain.community_facts import Difference, FactKind, Facts, Key, at
from waddlebot.domain.custom_commands import CustomCommand
from waddlebot.domain.custom_hours import read_hours
from waddlebot.domain.custom_whens import When, when_to_wire
from waddlebot.domain.entities import EntityId
from waddlebot.domain.own_names import fold_name
from waddlebot.stores.part_rows import CommunityRow
from waddlebot.stores.versions import Edit
from waddlebot_sdk.roles import Role

MOST_NUMBER = 10**9
COMMAND = FactKind(
    name="custom command",
    place=at("custom.{}"),
    shown=lambda _key, command: command.text,
)
"""(name,) -> CustomCommand"""


def _facts(row: CommunityRow) -> Facts:
    return {(COMMAND, name): command for name, command in read_custom(row).items()}


def _read(top: TextTable) -> Facts:
    facts: dict[Key, Any] = {}
    for name, row in top.tables_in("custom"):
        command = CustomCommand(
            name=fold_name(name),
            text=row.text("text").strip(),
            role=row.role("role", usual=Role.USER),
            cooldown_seconds=row.seconds("cooldown", most=MOST_NUMBER, usual=0),
            person_cooldown_seconds=row.seconds("cooldown_each", most=MOST_NUMBER, usual=0),
            when=_when(row),
            category=fold_name(row.text("category", usual="", may_be_empty=True)),
            enabled=not row.flag("off"),
        )
        put(facts, {(COMMAND, command.name): command}, row)
    return facts


def _when(row: TextTable) -> When:
    return When(
        platforms=frozenset(row.texts("platforms")),
        places=frozenset(map(EntityId, row.texts("places"))),
        live=row.flag("live") if "live" in row.fields else None,
        hours=tuple(row.checked("hours", read_hours, one) for one in row.texts("hours")),
        games=tuple(row.texts("games")),
    )


def _write(facts: ByKind) -> dict[str, Any]:
    return {"custom": {name: _row(command) for (name,), command in facts[COMMAND].items()}}


def _row(command: CustomCommand) -> dict[str, Any]:
    row = {
        "text": command.text,
        "role": "" if command.role is Role.USER else command.role.value,
        "cooldown": command.cooldown_seconds,
        "cooldown_each": command.person_cooldown_seconds,
        **when_to_wire(command.when),
        "category": command.category,
        "off": not command.enabled,
    }
    return without_empty(row, "live")


def _command(edit: Edit, asker: Asker, one: Difference) -> None:
    _, name = one.key
    if one.after is None:
        remove_custom(edit, asker, name=name)
    else:
        set_custom(edit, asker, one.after)


TEXT = PartText(deeds={COMMAND: _command}, facts=_facts, read=_read, write=_write)
