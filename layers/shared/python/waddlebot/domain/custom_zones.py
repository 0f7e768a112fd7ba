"""The time zones that a text of a custom command may name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from zoneinfo import ZoneInfo, available_timezones


def zone_called(name: str) -> ZoneInfo:
    """Also in small letters: what stands behind a dot has no others. Raises as ZoneInfo does."""
    try:
        return ZoneInfo(name)
    except KeyError:
        return ZoneInfo(_zones().get(name.lower(), name))


@cache
def _zones() -> Mapping[str, str]:
    return {name.lower(): name for name in available_timezones()}
