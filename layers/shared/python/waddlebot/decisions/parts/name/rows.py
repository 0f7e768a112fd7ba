"""The name stands in the community's own row."""

from __future__ import annotations

from waddlebot.stores.part_rows import PartRows

ROWS = PartRows(columns={"name": "name"}, decode=lambda row: {"name": row["name"]})
