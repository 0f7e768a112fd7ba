"""What `!overlay test` shows: of each kind one, as a module would answer it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from waddlebot.domain.overlays import OverlaySource
from waddlebot_sdk.responses import General, Media, Ticker

SECONDS = 10
USUAL = "ticker"


def _alert(kind: str, words: str, **more: Any) -> tuple[OverlaySource, Mapping[str, Any]]:
    wire = General(content_type="alert", content=words, seconds=SECONDS).to_wire()
    details = {**wire["response_data"], "type": kind, "name": "Ana", **more}
    return OverlaySource.GENERAL, {**wire, "response_data": details}


def _general(kind: str, words: str, **more: Any) -> tuple[OverlaySource, Mapping[str, Any]]:
    wire = General(content_type=kind, content=words, seconds=SECONDS).to_wire()
    return OverlaySource.GENERAL, {**wire, "response_data": {**wire["response_data"], **more}}


_MEDIA = Media(
    media_type="music",
    media_url="https://example.com/a-song",
    details={"title": "A song to try it", "artist": "WaddleBot", "duration": 30, "progress": 0},
)
_CLIP = Media(
    media_type="clip",
    media_url="https://example.com/a-clip",
    details={"title": "A clip to try it", "artist": "Ana", "duration": SECONDS},
)
_FIELDS = [{"name": "name", "label": "Your name", "type": "text", "required": True}]

SAMPLES: Mapping[str, tuple[OverlaySource, Mapping[str, Any]]] = {
    "ticker": (OverlaySource.TICKER, Ticker("This is a test of the ticker.").to_wire()),
    "media": (OverlaySource.MEDIA, _MEDIA.to_wire()),
    "clip": (OverlaySource.MEDIA, _CLIP.to_wire()),
    "general": _general("text", "This is a test of the general source."),
    "text": _general("text", "This is a test of a text."),
    "html": _general("html", "<h1>This is a test</h1><p>with <b>HTML</b>.</p>"),
    "form": _general("form", "", form_title="A form to try it", form_fields=_FIELDS),
    "announcement": _general("announcement", "This is a test.", title="An announcement"),
    "alert": _general("alert", "This is a test of an alert."),
    "follow": _alert("follow", "Ana follows (a test)."),
    "sub": _alert("sub", "Ana subscribed (a test)."),
    "resub": _alert("resub", "Ana subscribed again (a test)."),
    "gift": _alert("gift", "Ana gives 5 subs (a test).", amount=5),
    "cheer": _alert("cheer", "Ana cheers 100 bits (a test).", amount=100),
    "raid": _alert("raid", "Ana raids with 42 viewers (a test).", amount=42),
    "donation": _alert("donation", "Ana gives 5 € (a test).", amount="5 €"),
    "join": _alert("join", "Ana is here (a test)."),
    "boost": _alert("boost", "Ana boosts this place (a test)."),
}
"""By kind: where it is shown, and what."""
