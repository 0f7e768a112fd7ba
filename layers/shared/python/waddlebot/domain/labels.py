"""Labels: words that a community hangs on people and things, each as long as it is wanted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from waddlebot.domain.errors import Because, Refusal

MOST_LABELS = 100
"""A community's."""
USUAL_COLOR = "#6366f1"

_NAME = re.compile(r"[^\W_](?:[\w -]{0,38}[^\W_])?")
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


class Labelled(StrEnum):
    """What a label may hang on."""

    USER = "user"
    COMMUNITY = "community"
    MODULE = "module"
    ENTITY = "entity"
    ITEM = "item"
    EVENT = "event"
    MEMORY = "memory"

    @property
    def most(self) -> int:
        """Labels on one of them (facts, 11.2)."""
        return 10 if self in {Labelled.ITEM, Labelled.MEMORY} else 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """`is_everybodys`: it belongs to no community, and none may change it."""

    name: str
    color: str = USUAL_COLOR
    is_everybodys: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    name: str
    until: datetime | None = None

    def holds(self, now: datetime) -> bool:
        return self.until is None or now < self.until


def read_label_name(text: str) -> str:
    """Trimmed and in small letters, as names are compared. Raises Refusal."""
    name = " ".join(text.lower().split())
    if not _NAME.fullmatch(name):
        raise Refusal(
            "A label is 1 to 40 letters, digits, spaces and hyphens.",
            Because.WRONG,
            code="INVALID_LABEL",
            field="name",
        )
    return name


def read_color(text: str) -> str:
    """Raises Refusal."""
    if not _COLOR.fullmatch(text):
        raise Refusal(
            "A colour is written like #6366f1.", Because.WRONG, code="INVALID_COLOR", field="color"
        )
    return text.lower()
