"""A community's own words stand among its settings."""

from __future__ import annotations

from waddlebot.stores.own_words import words_in
from waddlebot.stores.part_rows import PartRows

ROWS = PartRows(
    columns={"settings": "settings"}, fields={"words": lambda row: words_in(row["settings"])}
)
