"""Texts of a response as JSON, and what is said where it is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from waddlebot_sdk.bounded import capped


class NotAResponse(ValueError):
    """The sentence names what is wrong; it goes to the module's developer."""


def text_of(item: Mapping[str, Any], name: str, *, needed: bool = True) -> str:
    """One field of `item`, a response by its fields, cut where it is very long.

    Raises NotAResponse: it is no text.
    """
    value = item.get(name)
    if value is None and not needed:
        return ""
    if not isinstance(value, str):
        raise NotAResponse(f"{name} must be text")
    return capped(value)
