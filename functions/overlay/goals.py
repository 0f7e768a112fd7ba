"""A goal as a page gets it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from waddlebot_sdk.seen_signs import only_seen


def goal_told(goal: Mapping[str, Any]) -> dict[str, Any]:
    """As the page draws it, whoever named it and however long ago."""
    return {**goal, "title": " ".join(only_seen(str(goal.get("title", ""))).split())}
