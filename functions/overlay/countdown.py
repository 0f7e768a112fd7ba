"""A countdown as the page gets it: it begins when it was made, and stands beside all else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from functions.overlay.cut import cut_line
from waddlebot.domain.overlay_pushes import countdown_seconds

MOST_TITLE = 60
OVER = "over"
"""In place of a title, which nobody sees: the one that stands goes."""


def countdown(content: Mapping[str, Any]) -> dict[str, Any]:
    """`{"text", "seconds"}`, 0 seconds where there is none any more."""
    title, seconds = content.get("content"), countdown_seconds(content)
    text = cut_line(title, MOST_TITLE) if isinstance(title, str) else ""
    return {"text": text or ("Soon" if seconds else OVER), "seconds": seconds}
