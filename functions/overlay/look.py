"""The style sheet of a community: its theme, and what it wrote itself (parts/overlay_looks)."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from waddlebot.domain.entities import CommunityId
from waddlebot.stores.overlay_looks import find_look
from waddlebot.stores.postgres import Postgres

THEME_SHEET = Path(__file__).with_name("page") / "theme.css"


def look_of(postgres: Postgres, community: CommunityId) -> str:
    """Empty where all is as usual. Raises Unavailable."""
    look = find_look(postgres, community)
    theme = f":root {{{_names_of(look.theme)}}}\n" if look.theme else ""
    return theme + look.css


@cache
def _names_of(theme: str) -> str:
    """What stands in its block of the sheet that has all of them."""
    block = re.search(rf'\[data-theme="{re.escape(theme)}"\] {{(.*?)}}', _sheet(), re.DOTALL)
    return block[1] if block else ""


def _sheet() -> str:
    return THEME_SHEET.read_text("utf-8")
