"""How long what is pushed to an overlay is good, read from the answer as the spec words it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

SECONDS = 10
MEDIA_SECONDS = 30
MOST_SECONDS = 12 * 3600
"""What stands until the next one comes is forgotten by then."""
TICKER_SECONDS = 120
"""A line that no page has begun by then is old news."""
ALERT_SECONDS = 300
"""Longer: whoever gave something waits for it, behind others."""
DEED_SECONDS = 60
MUSIC = frozenset({"", "music", "song", "track", "audio", "now_playing"})
STANDING = frozenset({"clear", "pause", "resume", "blackout", "light"})
"""What a page that is loaded later does too: it would show what was cleared."""
_CLOCK = re.compile(r"([0-9]{1,2}:)?[0-9]{1,3}:[0-5][0-9]")
CONTROLS = STANDING | {"skip", "replay", "look", "chat", "events", "count", "forget"}
"""`count`: there is nothing to do; what goals have come to is told beside it."""
COUNTDOWN = "countdown"
_AFTER_COUNTDOWN = 5
"""It stands at nothing so long."""

TOLD_BY = "told_by"
"""The module whose answer it is, beside what that says of itself."""

POLL = "poll"
_AFTER_POLL = 15
"""Its result stands so long."""
_POLL_SECONDS = 3600
"""Of one that was told an end, or none: whoever counts votes tells of it again by then."""


def life_of(source: str, wire: Mapping[str, Any]) -> timedelta:
    """From when it was made until when a page may still begin to show it."""
    content = content_of(wire)
    if control_of(wire) == "forget":  # what is older is begun by no page
        return timedelta(seconds=ALERT_SECONDS)
    if control_of(wire):
        stands = control_of(wire) in STANDING
        return timedelta(seconds=MOST_SECONDS if stands else DEED_SECONDS)
    if source == "media":
        return timedelta(seconds=_of_media(content))
    if source == "general":
        return timedelta(seconds=_of_general(content))
    return timedelta(seconds=TICKER_SECONDS)


def _of_media(content: Mapping[str, Any]) -> float:
    """What plays is over when it is over; a clip may wait for those before it."""
    if content.get("paused") is True:
        return MOST_SECONDS
    left = length_of(content.get("duration")) - length_of(content.get("progress"))
    stays = min(left, MOST_SECONDS) if left > 0 else 2 * MEDIA_SECONDS
    return stays if is_music(content) else stays + TICKER_SECONDS


def is_music(content: Mapping[str, Any]) -> bool:
    """Whether it is what plays now, of which the newest is right; anything else has a turn."""
    return str(content.get("media_type", "music")).casefold() in MUSIC


def _of_general(content: Mapping[str, Any]) -> int:
    kind = str(content.get("content_type")).casefold()
    if kind == "alert":
        return ALERT_SECONDS
    if kind == COUNTDOWN and (left := countdown_seconds(content)):
        return left + _AFTER_COUNTDOWN
    seconds = seconds_of(content.get("duration"), SECONDS)
    if kind == POLL:
        is_timed = content.get("ends_at") or not seconds
        return _POLL_SECONDS if is_timed else seconds + _AFTER_POLL
    return seconds + TICKER_SECONDS if seconds else MOST_SECONDS


def countdown_seconds(content: Mapping[str, Any]) -> int:
    """From when it was made; 0: there is none any more."""
    return math.ceil(min(number_of(content.get("duration"), 0), MOST_SECONDS))


def control_of(wire: Mapping[str, Any]) -> str:
    """What the page is to do rather than show: `{"response_action": "control", "control": …}`.

    Empty for an answer of a module, whatever stands in its details: no module can say this.
    """
    asked = wire.get("control")
    is_ours = wire.get("response_action") == "control" and is_one_of(asked, CONTROLS)
    return str(asked) if is_ours else ""


def is_one_of(value: object, known: frozenset[str]) -> bool:
    """Of something that may be any JSON."""
    return isinstance(value, str) and value in known


def content_of(wire: Mapping[str, Any]) -> Mapping[str, Any]:
    """An answer and its `response_data` as one: a field may stand in either."""
    details = wire.get("response_data")
    return {**wire, **details} if isinstance(details, Mapping) else wire


def seconds_of(value: object, usual: int) -> int:
    """Whole seconds up to an hour, 0 where it says 0."""
    asked = number_of(value, usual)
    return math.ceil(min(asked, 3600))


def length_of(value: object) -> float:
    """Seconds of a song, also as `3:45` or `1:02:03`, which is the specification's own way."""
    if not isinstance(value, str) or not _CLOCK.fullmatch(value):
        return number_of(value, 0)
    seconds = 0
    for part in value.split(":"):
        seconds = 60 * seconds + int(part)
    return seconds


def number_of(value: object, otherwise: float) -> float:
    """A number that is not below 0, also as a text; anything else is the other."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return otherwise
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return otherwise
    return number if math.isfinite(number) and number >= 0 else otherwise
