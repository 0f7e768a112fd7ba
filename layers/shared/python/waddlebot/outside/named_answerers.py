"""Who answers for a host of the outside on one machine, as somebody has named it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

StandIns = Mapping[str, str]
"""By host, the origin that answers for it: `{"hooks.example": "http://127.0.0.1:8123"}`."""

FORM = "hooks.example=http://127.0.0.1:8123,api.example=http://127.0.0.1:8124"
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")


class StandInsWrong(ValueError):
    """The sentence says which one, and how it is written."""


def read_stand_ins(text: str) -> StandIns:
    """As it stands in the environment, in the form of `FORM`. Raises StandInsWrong."""
    return dict(_read(one.strip()) for one in text.split(",") if one.strip())


def _read(one: str) -> tuple[str, str]:
    host, _, origin = (part.strip() for part in one.partition("="))
    if not _HOST.fullmatch(host.lower()) or not _is_origin(origin):
        raise StandInsWrong(
            f"WADDLEBOT_OUTSIDE_STAND_INS cannot be read at {one[:60]!r}. For each host it says "
            f"who answers, with a comma between: {FORM}"
        )
    return host.lower(), origin


def _is_origin(text: str) -> bool:
    try:
        url = urlsplit(text)
        has_port = url.port is None or url.port > 0
    except ValueError:
        return False
    is_bare = url.path in ("", "/") and not (url.query or url.fragment)
    return url.scheme in ("http", "https") and bool(url.hostname) and has_port and is_bare
