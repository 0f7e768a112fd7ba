"""What a module's stand-in for its service is made of: `functions/modules/songs/stand_in.py`.

It is this machine's alone. Files of this name never ship (functions/assets.py), nor does this one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a house whose modules ask nobody needs no client to start
    from waddlebot.outside.client import ServiceAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRequest:
    """What a module asked of its service; header names are lower-case."""

    method: str
    host: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


Answers = Callable[[ServiceRequest], "ServiceAnswer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceStandIn:
    """`answer` is the service on a good day.

    `wrong` are the ways in which the real one is wrong, by name, beside those of every service
    (429, 5xx, slow, drop), of which it may have its own; the first line of each says what is seen.
    """

    answer: Answers
    wrong: Mapping[str, Answers] = field(default_factory=dict)
