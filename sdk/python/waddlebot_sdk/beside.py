"""Fields of what is shown may stand beside `response_data`, as well as in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_SHOWN = frozenset({"media", "ticker", "general", "form"})
_OF_ALL = frozenset({"session_id", "success", "response_action", "response_data", "private"})
_READ_ALREADY = frozenset({"ticker_text", "ticker_duration", "media_type", "media_url"})


def beside(item: Mapping[str, Any]) -> dict[str, Any]:
    """Of a response as JSON, `item`: its fields beside those that every response has; of one that
    stands in both places the one in `response_data` counts.
    """
    if item.get("response_action") not in _SHOWN:
        return {}
    return {name: item[name] for name in item.keys() - _OF_ALL - _READ_ALREADY}
