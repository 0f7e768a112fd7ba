"""Whole numbers that stand in a query."""

from __future__ import annotations

from collections.abc import Mapping

from waddlebot.domain.errors import Rejected


def read_limit(query: Mapping[str, str], most: int) -> int:
    """How many are asked for, at most so many. Raises Rejected: 400."""
    limit = read_number(query, "limit", most)
    if not 1 <= limit <= most:
        raise _invalid("limit", f"'limit' is 1 to {most}.")
    return limit


def read_number(query: Mapping[str, str], name: str, usual: int) -> int:
    """Raises Rejected: 400."""
    text = query.get(name) or str(usual)
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise _invalid(name, f"'{name}' is a whole number.")
    return int(text)


def _invalid(name: str, message: str) -> Rejected:
    return Rejected(400, "INVALID_FIELD", message, details={"field": name})
