"""`installed`: a list of community functions."""

from __future__ import annotations

from waddlebot.decisions.asking import Asker
from waddlebot.decisions.part_text import PartText
from waddlebot.decisions.parts.installed.deeds import install_module, remove_module
from waddlebot.domain.community_facts import Difference, FactKind, at
from waddlebot.stores.versions import Edit

INSTALLED = FactKind(name="installed", place=at("installed"))
"""(community function,) -> True"""


def _install(edit: Edit, asker: Asker, one: Difference) -> None:
    _, name = one.key
    if one.after is None:
        remove_module(edit, asker, name=name)
    else:
        install_module(edit, asker, name=name)


TEXT = PartText(
    deeds={INSTALLED: _install},
    facts=lambda row: {(INSTALLED, module): True for module in row["installed"] or ()},
    read=lambda top: {(INSTALLED, module): True for module in top.texts("installed")},
    write=lambda facts: {"installed": sorted(module for (module,) in facts[INSTALLED])},
)
