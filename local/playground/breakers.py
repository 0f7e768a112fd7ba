"""Things that the page can break on purpose, beyond what the stand-ins break."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

Breaker = Callable[[], Awaitable[str]]
"""Breaks one thing now; the sentence says what happened and what should be seen."""
