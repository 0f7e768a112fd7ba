"""The last that happened in a community, as it stands in a corner of OBS."""

from __future__ import annotations

import hashlib

from waddlebot.domain.errors import Because, Refusal

LISTED = "listed"
"""Marks a push as an event of the house, with whose it is: `twitch:1001`, or nobody's. No answer of
a module has it where it counts."""
FORGET = "forget"
"""What pages do with whatever tells of somebody who was banned or forgotten."""
USUAL_LINES = 5
MOST_LINES = 10


def check_lines(lines: int) -> int:
    """Raises Refusal."""
    if not 1 <= lines <= MOST_LINES:
        words = f"1 to {MOST_LINES} events can stand there."
        raise Refusal(words, Because.WRONG, field="lines")
    return lines


def sign_of(key: str) -> str:
    """By which a page knows whose an event is, without their id. Empty is nobody's.

    record_rows.py makes the same of a row.
    """
    return hashlib.sha256(key.encode()).hexdigest()[:16] if key else ""


def forgetting(key: str, *, called: str = "") -> dict[str, object]:
    """For pages, and for the record, which keeps no more of it than that it was counted.

    `called` (`twitch:ana`) is whom the platform names by a login alone: the record finds whose
    events of that platform bear it as their name, and says whose sign that is.
    """
    told = {"success": True, "response_action": "control", "control": FORGET, "of": sign_of(key)}
    return {**told, "called": called} if called else told
