"""Words as a page gets them: without signs that turn, hide or end what stands beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from waddlebot_sdk.seen_signs import is_seen


def seen(text: str) -> str:
    """Spaces and ends of lines stay."""
    return "".join(one for one in text if is_seen(one) or one.isspace())


def goal_told(goal: Mapping[str, Any]) -> dict[str, Any]:
    """As the page draws it, whoever named it and however long ago."""
    return {**goal, "title": " ".join(seen(str(goal.get("title", ""))).split())}
