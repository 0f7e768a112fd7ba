"""`quiet`: a list of places."""

from __future__ import annotations

from waddlebot.decisions.asking import Asker
from waddlebot.decisions.part_text import PartText
from waddlebot.decisions.parts.quiet.deeds import set_quiet
from waddlebot.domain.community_facts import Difference, FactKind, at
from waddlebot.stores.versions import Edit

QUIET = FactKind(name="quiet in", place=at("quiet"))
"""(entity,) -> True"""


def _quiet(edit: Edit, asker: Asker, one: Difference) -> None:
    set_quiet(edit, asker, one.key[1], quiet=bool(one.after))


TEXT = PartText(
    deeds={QUIET: _quiet},
    facts=lambda row: {(QUIET, entity): True for entity in row["quiet"] or ()},
    read=lambda top: {(QUIET, entity): True for entity in top.texts("quiet")},
    write=lambda facts: {"quiet": sorted(entity for (entity,) in facts[QUIET])},
)
