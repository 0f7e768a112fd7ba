"""The name stands in the community's own row."""

from __future__ import annotations

from operator import itemgetter

from waddlebot.stores.part_rows import PartRows

ROWS = PartRows(columns={"name": "name"}, fields={"name": itemgetter("name")})
