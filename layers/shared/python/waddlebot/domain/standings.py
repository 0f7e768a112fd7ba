"""Whose an event is; by itself, as ingress reads it and no more of the words."""

from __future__ import annotations

from enum import StrEnum


class Standing(StrEnum):
    """Whose event it is, said by the receipt (docs/delivery.md).

    SPENT: taken five times and never finished; it is a dead letter.
    """

    OURS = "ours"
    BUSY = "busy"
    DONE = "done"
    SPENT = "spent"
