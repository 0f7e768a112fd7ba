"""Rows of the table of goals: ours beside a floor or a peer, measured in turn in one run."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bench.intervals import FEWEST, RatioVerdict, verdict_of
from bench.progress import BenchProgress
from bench.samples import Goal


@dataclass(frozen=True, slots=True)
class Pair:
    """Both of one short round, in the same unit."""

    ours: float
    theirs: float

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioGoal:
    """What is measured, beside what, and how near it shall be.

    `tried` says of a goal that is missed what was done about it.
    """

    key: str
    name: str
    beside: str
    goal: Goal
    unit: str
    how: str
    digits: int = 2
    tried: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioRow:
    """`absent` says why there was nothing to measure beside."""

    of: RatioGoal
    pairs: Sequence[Pair] = ()
    absent: str = ""

    @property
    def ratios(self) -> list[float]:
        return [pair.ratio for pair in self.pairs]

    @property
    def verdict(self) -> RatioVerdict:
        return verdict_of(self.ratios, self.of.goal)

    @property
    def ours(self) -> float:
        return statistics.median(pair.ours for pair in self.pairs)

    @property
    def theirs(self) -> float:
        return statistics.median(pair.theirs for pair in self.pairs)


FEWEST_TAKEN = FEWEST + 2
"""Pairs, of which one may be spoilt at each end."""

Turn = Mapping[str, Pair]
"""Pairs of one short round, by the key of their goal."""


def take_turns(
    sources: Sequence[tuple[Iterator[Turn], int]],
    *,
    seconds: float = math.inf,
    progress: BenchProgress | None = None,
) -> dict[str, list[Pair]]:
    """So many rounds of each, in turn: what disturbs the machine for a while meets them all.

    After so many seconds it ends with what there is, but not before the fewest that tell anything.
    """
    found: dict[str, list[Pair]] = {}
    most, ends = max((rounds for _, rounds in sources), default=0), time.monotonic() + seconds
    taken = [0] * len(sources)
    for number in range(most):
        for place, (source, rounds) in enumerate(sources):
            # Those of fewer rounds are spread over the whole of it.
            if number * rounds // most == (number + 1) * rounds // most:
                continue
            if taken[place] >= FEWEST_TAKEN and time.monotonic() > ends:
                continue
            taken[place] += 1
            for key, pair in next(source).items():
                found.setdefault(key, []).append(pair)
        if progress:
            progress.tell(f"round {number + 1} of {most}")
    return found
