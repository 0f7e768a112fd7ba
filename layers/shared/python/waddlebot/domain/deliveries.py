"""A line that a rule hands to somebody else's server, and what that server says of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

VERSION = 1
"""Of what is handed over: a function of an older release takes none that is newer."""
MOST_SECONDS = 10.0
"""All tries together."""
MOST_ANSWER_BYTES = 16 * 1024
MOST_TEXT_CHARACTERS = 400


class Decided(StrEnum):
    """What the line's own server may say of it."""

    ALLOW = "allow"
    WARN = "warn"
    BLOCK = "block"
    REPLY = "reply"


class LineDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """`id` is the execution's: the same however often it is tried. `line` is sent as JSON."""

    id: str
    address: str
    community: int
    line: dict[str, Any]
    deadline: datetime
    v: int = VERSION


class LineAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """`failed` says why there is no answer; `told`: its owner is to hear that it is left alone.

    `text` is at most 400 characters, without what no platform shows.
    """

    decided: Decided = Decided.ALLOW
    text: str = ""
    failed: str = ""
    told: bool = False
    attempts: int = 1
