"""The last that happened in a community, as it stands in a corner of OBS."""

from __future__ import annotations

from waddlebot.domain.errors import Because, Refusal

LISTED = "listed"
"""Marks a push as an event of the house, with whose it is: `twitch:1001`, or nobody's. No answer of
a module has it where it counts."""
USUAL_LINES = 5
MOST_LINES = 10


def check_lines(lines: int) -> int:
    """Raises Refusal."""
    if not 1 <= lines <= MOST_LINES:
        words = f"1 to {MOST_LINES} events can stand there."
        raise Refusal(words, Because.WRONG, field="lines")
    return lines
