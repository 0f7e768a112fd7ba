"""`name`."""

from __future__ import annotations

from waddlebot.decisions.asking import Asker
from waddlebot.decisions.part_text import PartText
from waddlebot.decisions.parts.name.deeds import name_community
from waddlebot.domain.community_facts import Difference, FactKind, at
from waddlebot.stores.versions import Edit

NAME = FactKind(name="name", place=at("name"))
"""() -> text"""


def _name(edit: Edit, asker: Asker, one: Difference) -> None:
    name_community(edit, asker, name=one.after)


TEXT = PartText(
    deeds={NAME: _name},
    facts=lambda row: {(NAME,): row["name"]},
    read=lambda top: {(NAME,): top.text("name")},
    write=lambda facts: {"name": facts[NAME].get((), "")},
)
