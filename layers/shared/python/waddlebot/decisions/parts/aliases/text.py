"""`[aliases]`, a line each: `hug = "!so $1"`."""

from __future__ import annotations

from typing import Any

from waddlebot.decisions.asking import Asker
from waddlebot.decisions.part_text import PartText, put
from waddlebot.decisions.parts.aliases.deeds import remove_alias, set_alias
from waddlebot.decisions.text_table import TextTable
from waddlebot.domain.aliases import AliasKind, declared, read_alias
from waddlebot.domain.community_facts import Difference, FactKind, Facts, Key, at
from waddlebot.domain.own_names import fold_name
from waddlebot.stores.part_rows import CommunityRow
from waddlebot.stores.versions import Edit

ALIAS = FactKind(name="alias", place=at("aliases.{}"))
"""(name,) -> text"""


def _facts(row: CommunityRow) -> Facts:
    return {(ALIAS, name): text for name, text in (row["aliases"] or {}).items()}


def _read(top: TextTable) -> Facts:
    table = top.table("aliases")
    facts: dict[Key, Any] = {}
    for name in table.fields:
        put(facts, {(ALIAS, fold_name(name)): table.text(name)}, table)
    return facts


def _alias(edit: Edit, asker: Asker, one: Difference) -> None:
    _, name = one.key
    if one.after is None:
        remove_alias(edit, asker, name=name)
    else:
        set_alias(edit, asker, name=name, text=one.after)


def _give_up(edit: Edit, asker: Asker, one: Difference) -> None:
    """Of two that change which one leads to the other, neither is a loop on the way."""
    _, name = one.key
    if read_alias(name, one.before).kind is AliasKind.COMMAND:  # what others count is kept
        remove_alias(edit, asker, name=name)


TEXT = PartText(
    deeds={ALIAS: _alias},
    free=_give_up,
    facts=_facts,
    read=_read,
    declared_value=lambda text, naming: declared(text, naming.line),
    write=lambda facts: {"aliases": {name: text for (name,), text in facts[ALIAS].items()}},
)
