"""`[settings]` of the community itself, `[modules.NAME]` for its modules."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from waddlebot.decisions.asking import Asker
from waddlebot.decisions.part_text import ByKind, PartText
from waddlebot.decisions.parts.settings.deeds import (
    change_setting,
    set_events_channel,
    set_moderators_channel,
    set_module_setting,
    set_points,
)
from waddlebot.decisions.text_table import TextTable
from waddlebot.domain.community_facts import (
    CHANNELS,
    EVENTS_CHANNEL,
    MODERATORS_CHANNEL,
    Difference,
    FactKind,
    Facts,
    Key,
    at,
)
from waddlebot.domain.own_settings import OWN_SETTINGS
from waddlebot.domain.reputation import POINTS
from waddlebot.stores.part_rows import CommunityRow
from waddlebot.stores.settings import NAMES, OURS
from waddlebot.stores.versions import Edit

SETTING = FactKind(name="setting", place=at("settings.{}"))
"""(key,) -> text or number; `moderators_channel` is one"""
MODULE = FactKind(name="setting of module", place=at("modules.{}.{}"))
"""(module, key) -> truth, text or number"""


def _facts(row: CommunityRow) -> Facts:
    settings = row["settings"]
    facts: dict[Key, Any] = {(SETTING, key): value for key, value in settings.get(OURS, {}).items()}
    if row["moderators_named"]:
        facts[SETTING, MODERATORS_CHANNEL] = row["moderators_named"]
    for module, own in settings.items():
        if module not in {OURS, NAMES}:
            facts |= {(MODULE, module, key): value for key, value in own.items()}
    return facts


def _read(top: TextTable) -> Facts:
    table = top.table("settings")
    facts: dict[Key, Any] = {}
    for key in table.fields:
        if key in CHANNELS:
            facts[SETTING, key] = table.text(key)
        elif key in OWN_SETTINGS:
            value = table.read(key, OWN_SETTINGS[key].read)
            if value != OWN_SETTINGS[key].usual:
                facts[SETTING, key] = value
    for module, own in top.tables_in("modules"):
        facts |= {(MODULE, module, key): own.setting(key) for key in own.fields}
    return facts


def _write(facts: ByKind) -> dict[str, Any]:
    modules: dict[str, dict[str, Any]] = defaultdict(dict)
    for (module, key), value in facts[MODULE].items():
        modules[module][key] = value
    return {
        "settings": {key: value for (key,), value in facts[SETTING].items()},
        "modules": dict(modules),
    }


def _set(edit: Edit, asker: Asker, one: Difference) -> None:
    _, key = one.key
    if key == MODERATORS_CHANNEL:
        set_moderators_channel(edit, asker, one.after)
    elif key == EVENTS_CHANNEL:
        set_events_channel(edit, asker, one.after)
    else:
        change_setting(edit, asker, key=key, value=None if one.after is None else str(one.after))


def _set_of_module(edit: Edit, asker: Asker, one: Difference) -> None:
    _, module, key = one.key
    if module == POINTS:
        set_points(edit, asker, event=key, points=one.after)
    else:
        set_module_setting(edit, asker, module=module, key=key, value=one.after)


TEXT = PartText(
    deeds={SETTING: _set, MODULE: _set_of_module}, facts=_facts, read=_read, write=_write
)
