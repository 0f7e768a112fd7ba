"""A community chooses a theme for what OBS shows, and may write a style sheet of its own."""

from __future__ import annotations

import uuid
from datetime import datetime

from waddlebot.decisions.asking import Asker
from waddlebot.decisions.parts.overlay_looks.clean_css import clean_css
from waddlebot.domain.errors import Because, Refusal
from waddlebot.domain.overlay_themes import THEMES, USUAL_THEME
from waddlebot.domain.overlays import OverlaySource
from waddlebot.stores.overlay_looks import OverlayLook, OverlayLooks
from waddlebot.stores.overlay_pushes import push
from waddlebot.stores.versions import Edit
from waddlebot_sdk.roles import Role

LOOK = {"success": True, "response_action": "control", "control": "look"}
"""Pages that are open ask for the sheet again."""
_DEED = "What OBS shows"


def set_theme(edit: Edit, asker: Asker, *, theme: str, now: datetime, call: str = "") -> str:
    """Which one it is now; empty for the usual one. Raises Refusal: there is none of that name."""
    asker.check_everywhere(Role.MODERATOR, _DEED)
    wanted = theme.strip().casefold() or USUAL_THEME
    if wanted not in THEMES:
        words = f"There is no theme '{theme[:40]}'. There are {', '.join(THEMES)}."
        raise Refusal(words, Because.WRONG, code="UNKNOWN_THEME", field="theme")
    edit.hold(asker.community)
    before = OverlayLooks(edit, asker.community).find()
    kept = "" if wanted == USUAL_THEME else wanted
    _put(edit, asker, OverlayLook(theme=kept, css=before.css), before, now=now, call=call)
    return wanted


def set_css(edit: Edit, asker: Asker, *, css: str, now: datetime, call: str = "") -> str:
    """As it is kept: read, and written anew. Empty takes it away.

    Raises Refusal: it asks for something from elsewhere, or is none.
    """
    asker.check_everywhere(Role.MODERATOR, _DEED)
    cleaned = clean_css(css)
    edit.hold(asker.community)
    before = OverlayLooks(edit, asker.community).find()
    _put(edit, asker, OverlayLook(theme=before.theme, css=cleaned), before, now=now, call=call)
    return cleaned


def _put(
    edit: Edit, asker: Asker, look: OverlayLook, before: OverlayLook, *, now: datetime, call: str
) -> None:
    if look == before:
        return
    OverlayLooks(edit, asker.community).put(look, before)
    named = call or f"look-{uuid.uuid4().hex}"
    for source in OverlaySource:
        push(edit, asker.community, source, LOOK, call=named, now=now)
