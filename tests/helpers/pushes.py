"""Numbered pushes, as the store gives them to a page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from waddlebot.domain.overlay_pushes import life_of
from waddlebot.stores.overlays import NumberedPush

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def a_push(wire: dict[str, Any], source: str = "ticker", number: int = 12) -> NumberedPush:
    return NumberedPush(
        number=number,
        source=source,
        content=wire,
        made_at=NOW,
        expires_at=NOW + life_of(source, wire),
        before=9,
    )
