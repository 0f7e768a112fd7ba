"""What ratios that were measured in turn say of a goal: met, missed, or nothing yet.

The median of paired ratios lies between two of them nine times of ten, whatever their distribution
(order statistics of the sign test): a machine that slows down slows both of a pair, and a pair that
something disturbed counts for one.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bench.samples import Goal

DOUBT = 0.05
"""On each side: what remains of nine times of ten."""
FEWEST = 5
"""Pairs below which not even the least and the largest enclose the median so often."""
MARGIN = 0.05
"""A goal is missed where even the better end lies so far behind it: a whole interval within, and
another one so far without, are no two runs of the same program."""


class RatioVerdict(StrEnum):
    MET = "met"
    MISSED = "missed"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Interval:
    """Of the median of some ratios."""

    low: float
    high: float


def interval_of(ratios: Sequence[float]) -> Interval | None:
    """None of fewer than five."""
    count = len(ratios)
    if count < FEWEST:
        return None
    ordered, outside, place = sorted(ratios), 0.0, 0
    # The chance that no more than `place` of them lie below the median.
    while (outside := outside + math.comb(count, place) / 2**count) <= DOUBT:
        place += 1
    return Interval(ordered[place - 1], ordered[count - place])


def verdict_of(ratios: Sequence[float], goal: Goal) -> RatioVerdict:
    """By the whole interval; a ratio is ours through theirs."""
    interval = interval_of(ratios)
    if interval is None:
        return RatioVerdict.UNDECIDED
    if goal.is_met(interval.low) and goal.is_met(interval.high):
        return RatioVerdict.MET
    better, missed_at = (
        (interval.low, goal.value * (1 + MARGIN))
        if goal.words == "at most"
        else (-interval.high, -goal.value * (1 - MARGIN))
    )
    return RatioVerdict.MISSED if better > missed_at else RatioVerdict.UNDECIDED


def middle(ratios: Sequence[float]) -> float:
    return statistics.median(ratios)
