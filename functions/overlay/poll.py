"""A poll as the page gets it: it stands beside all else, and what has its id takes its place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from functions.overlay.cut import cut_line
from waddlebot.domain.overlay_pushes import number_of

MOST_OPTIONS = 6
MOST_QUESTION = 120
MOST_LABEL = 60
MOST_VOTES = 10**9
_FAR = 10**11
"""Unix seconds of no calendar."""


def poll(content: Mapping[str, Any]) -> dict[str, Any]:
    """`{"poll", "text", "options": [{"label", "votes"}], "ends"}`.

    `poll` is its id, `ends` unix seconds, 0 where no end was told. Without options it goes.
    """
    told = content.get("options")
    options = [_option(one) for one in told] if isinstance(told, list) else []
    return {
        "poll": _line(content.get("poll_id"), MOST_LABEL),
        "text": _line(content.get("content"), MOST_QUESTION) or "Poll",
        "options": [one for one in options if one["label"]][:MOST_OPTIONS],
        "ends": ends_of(content.get("ends_at")),
    }


def ends_of(told: object) -> float:
    """Of unix seconds, or of a moment as ISO 8601 has it, in UTC where it names no zone."""
    if isinstance(told, str):
        try:
            moment = datetime.fromisoformat(told[:40])
        except ValueError:
            return 0
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    seconds = number_of(told, 0)
    return seconds if seconds < _FAR else 0


def _option(told: object) -> dict[str, Any]:
    option = told if isinstance(told, Mapping) else {}
    votes = min(int(number_of(option.get("votes"), 0)), MOST_VOTES)
    return {"label": _line(option.get("label"), MOST_LABEL), "votes": votes}


def _line(told: object, most: int) -> str:
    is_plain = isinstance(told, str | int) and not isinstance(told, bool)
    return cut_line(str(told)[: 4 * most], most) if is_plain else ""
