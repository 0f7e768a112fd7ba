"""What `!overlay test` shows: of each kind one, as a module would answer it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from waddlebot.domain.alerts import PRIORITIES, AlertKind, AlertRule, fill_line, line_of
from waddlebot.domain.media_files import MediaKind
from waddlebot.domain.overlays import OverlaySource
from waddlebot_sdk.responses import General, Media, Ticker

SECONDS = 10
USUAL = "ticker"


def alert_sample(
    rule: AlertRule, amount: str = "", *, files: Mapping[MediaKind, str] | None = None
) -> Mapping[str, Any]:
    """As the house makes it of an event by this rule; `files` are the addresses of what the rule
    names.
    """
    kind, found = AlertKind(rule.kind), files or {}
    line = f"{line_of(rule, has_amount=bool(amount))} (a test)"
    says = "Hello from the pond!" if "{message}" in line else ""
    tier = "Tier 1" if "{tier}" in line else ""
    places = {"name": "Ana", "amount": amount, "tier": tier, "message": says}
    content = fill_line(line, places)
    wire = General(content_type="alert", content=content, seconds=rule.seconds).to_wire()
    looks = {
        "style": rule.style,
        "priority": PRIORITIES[kind],
        "image_url": found.get(MediaKind.IMAGE, ""),
        "sound_url": found.get(MediaKind.SOUND, ""),
    }
    details = {**wire["response_data"], "type": kind.value, "line": line, **places, **looks}
    return {**wire, "response_data": details}


def _alert(kind: AlertKind) -> tuple[OverlaySource, Mapping[str, Any]]:
    """Where a community has no rule of its own."""
    usual = AlertRule(kind=kind, seconds=SECONDS)
    return OverlaySource.GENERAL, alert_sample(usual, AMOUNTS.get(kind, ""))


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
AMOUNTS: Mapping[str, str] = {
    AlertKind.RESUB: "14",
    AlertKind.GIFT: "5",
    AlertKind.CHEER: "100",
    AlertKind.RAID: "42",
    AlertKind.DONATION: "5 EUR",
}
"""Of those that have one."""
_FIELDS = [{"name": "name", "label": "Your name", "type": "text", "required": True}]
_OPTIONS = [{"label": "Fish", "votes": 7}, {"label": "More fish", "votes": 12}]

SAMPLES: Mapping[str, tuple[OverlaySource, Mapping[str, Any]]] = {
    "ticker": (OverlaySource.TICKER, Ticker("This is a test of the ticker.").to_wire()),
    "media": (OverlaySource.MEDIA, _MEDIA.to_wire()),
    "clip": (OverlaySource.MEDIA, _CLIP.to_wire()),
    "general": _general("text", "This is a test of the general source."),
    "text": _general("text", "This is a test of a text."),
    "html": _general("html", "<h1>This is a test</h1><p>with <b>HTML</b>.</p>"),
    "form": _general("form", "", form_title="A form to try it", form_fields=_FIELDS),
    "announcement": _general("announcement", "This is a test.", title="An announcement"),
    "countdown": _general("countdown", "A countdown to try it"),
    "poll": _general("poll", "A poll to try it", options=_OPTIONS),
    "alert": _general("alert", "This is a test of an alert."),
    **{kind.value: _alert(kind) for kind in AlertKind},
}
"""By kind: where it is shown, and what."""
