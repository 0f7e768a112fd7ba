"""What texts of custom commands say that has to be asked for first; pure.

What could not be asked for is said in the place of the variable: in a bracket, and in words that
anybody in chat may read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Fact(StrEnum):
    """What is asked for together."""

    POINTS = "points"
    RANK = "rank"


OF_POINTS = frozenset({Fact.POINTS, Fact.RANK})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceAmongAll:
    """A person's points here; `rank` counts from 1 and is 0 where nobody asked for it, as is
    `ranked`, how many have points.
    """

    points: int
    rank: int = 0
    ranked: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """`why` says for a fact that is not here why it is not."""

    standing: PlaceAmongAll | None = None
    why: Mapping[Fact, str] = field(default_factory=dict)

    def absent(self, fact: Fact) -> str:
        return f"({self.why.get(fact) or 'not known here'})"
