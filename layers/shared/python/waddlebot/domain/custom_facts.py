"""What texts of custom commands say that has to be asked for first; pure.

What could not be asked for is said in the place of the variable: in a bracket, and in words that
anybody in chat may read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import msgspec


class Fact(StrEnum):
    """What is asked for together."""

    POINTS = "points"
    RANK = "rank"
    STREAM = "stream"
    FOLLOWERS = "followers"


OF_POINTS = frozenset({Fact.POINTS, Fact.RANK})
OF_TWITCH = frozenset({Fact.STREAM, Fact.FOLLOWERS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A person's points here; `rank` counts from 1 and is 0 where nobody asked for it, as is
    `ranked`, how many have points.
    """

    points: int
    rank: int = 0
    ranked: int = 0


class StreamFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What Twitch says of a channel; `started_at` is None where it is not live, `followers` where
    Twitch was not asked or did not say.
    """

    name: str = ""
    login: str = ""
    title: str = ""
    game: str = ""
    started_at: datetime | None = None
    viewers: int = 0
    followers: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """`why` says for a fact that is not here why it is not."""

    standing: Standing | None = None
    stream: StreamFacts | None = None
    why: Mapping[Fact, str] = field(default_factory=dict)

    def absent(self, fact: Fact) -> str:
        return f"({self.why.get(fact) or 'not known here'})"
