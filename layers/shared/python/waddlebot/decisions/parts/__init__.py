"""The parts of what a community decides: a folder each, and this list.

In a folder stand `rows.py`, what is read of the database and how it is understood; `deeds.py`, its
decisions with every guard; and `text.py`, how it stands in the text form. Their `ROWS` and `TEXT`
are taken here. The road reads rows alone, so they are fetched apart from the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from waddlebot.stores.part_rows import PartRows

if TYPE_CHECKING:  # the road reads no text
    from waddlebot.decisions.part_text import PartText

PARTS = (
    "name",
    "quiet",
    "installed",
    "settings",
    "words",
    "switches",
    "rights",
    "labels",
    "limits",
    "rules",
    "aliases",
    "custom",
    "alerts",
    "chat_box",
    "overlay_looks",
    "event_list",
    "roles",
)
"""In the order in which they stand in a text, and in which its changes are made."""


def rows_of_parts() -> Mapping[str, PartRows]:
    """By the names of the parts."""
    return _rows(PARTS)


def texts_of_parts() -> Mapping[str, PartText]:
    """By the names of the parts."""
    return _texts(PARTS)


@cache
def _rows(names: tuple[str, ...]) -> Mapping[str, PartRows]:
    return {name: import_module(f"{__name__}.{name}.rows").ROWS for name in names}


@cache
def _texts(names: tuple[str, ...]) -> Mapping[str, PartText]:
    return {name: import_module(f"{__name__}.{name}.text").TEXT for name in names}
