"""`[overlays]`: `theme = "neon"`, and `css`, a style sheet."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from waddlebot.decisions.asking import Asker
from waddlebot.decisions.part_text import ByKind, PartText
from waddlebot.decisions.parts.overlay_looks.clean_css import clean_css
from waddlebot.decisions.parts.overlay_looks.deeds import set_css, set_theme
from waddlebot.decisions.text_table import NO_SIGN, TextTable
from waddlebot.domain.community_facts import Difference, FactKind, Facts, Key, at
from waddlebot.domain.overlay_themes import USUAL_THEME
from waddlebot.stores.part_rows import CommunityRow
from waddlebot.stores.versions import Edit


def _length(_key: Key, css: str) -> str:
    return f"{len(css):,} characters"


THEME = FactKind(name="theme of overlays", place=at("overlays.theme"))
"""() -> name"""
CSS = FactKind(name="style sheet of overlays", place=at("overlays.css"), shown=_length)
"""() -> style sheet, as it is kept"""


def _facts(row: CommunityRow) -> Facts:
    look = row["overlay_look"] or {}
    found = {(THEME,): look.get("theme"), (CSS,): look.get("css")}
    return {key: value for key, value in found.items() if value}


def _read(top: TextTable) -> Facts:
    table = top.table("overlays")
    found: dict[Key, Any] = {}
    if "theme" in table.fields:
        theme = table.text("theme")
        found |= {(THEME,): theme} if theme != USUAL_THEME else {}
    css = table.value("css") if "css" in table.fields else ""
    if not isinstance(css, str):
        raise table.wrong("css", "it is a text")
    if "\0" in css:
        raise table.wrong("css", f"it holds {NO_SIGN}")
    cleaned = table.checked("css", clean_css, css) if css else ""
    return {**found, **({(CSS,): cleaned} if cleaned else {})}


def _write(facts: ByKind) -> dict[str, Any]:
    found = {"theme": facts[THEME].get(()), "css": facts[CSS].get(())}
    kept = {name: value for name, value in found.items() if value}
    return {"overlays": kept} if kept else {}


def _set_theme(edit: Edit, asker: Asker, one: Difference) -> None:
    set_theme(edit, asker, theme=one.after or "", now=datetime.now(UTC))


def _set_css(edit: Edit, asker: Asker, one: Difference) -> None:
    set_css(edit, asker, css=one.after or "", now=datetime.now(UTC))


TEXT = PartText(deeds={THEME: _set_theme, CSS: _set_css}, facts=_facts, read=_read, write=_write)
