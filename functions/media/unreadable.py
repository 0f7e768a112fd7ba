"""Why something that was uploaded is not taken."""

from __future__ import annotations


class Unreadable(Exception):
    """The sentence is for whoever uploaded it."""
