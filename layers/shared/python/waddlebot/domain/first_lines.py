"""Somebody's first line in a community ever, of which a module may be told."""

from __future__ import annotations

MOST_A_MINUTE = 5
"""Of a community; who is one of more, as with a raid, is known from then on without a call."""
LATE_MINUTES = 10
"""What is recorded later than this is nobody's news any more."""
