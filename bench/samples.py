"""What a figure is made of: samples of one thing, and how they are told."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

FEW = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One row of the table; `how` says what the number includes and what not."""

    name: str
    value: str
    spread: str = ""
    how: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """`words` is "at most" or "at least"."""

    words: Literal["at most", "at least"]
    value: float

    def is_met(self, value: float) -> bool:
        return value <= self.value if self.words == "at most" else value >= self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class MedianResult:
    """A median in numbers, with how far its samples are spread; `how` as of a figure."""

    name: str
    median: float
    low: float
    high: float
    samples: int
    unit: str
    how: str
    digits: int = 1


def result(
    name: str,
    samples: Sequence[float],
    unit: str,
    how: str,
    *,
    digits: int = 1,
) -> MedianResult:
    low, high = spread(samples)
    return MedianResult(
        name=name,
        median=statistics.median(samples),
        low=low,
        high=high,
        samples=len(samples),
        unit=unit,
        how=how,
        digits=digits,
    )


def told(samples: Sequence[float], unit: str, *, digits: int = 1) -> tuple[str, str]:
    """The median and the spread."""
    low, high = spread(samples)
    between = f"{low:,.{digits}f} to {high:,.{digits}f}" if len(samples) > 1 else ""
    return f"{statistics.median(samples):,.{digits}f} {unit}", between


def spread(samples: Sequence[float]) -> tuple[float, float]:
    """From where to where nine of ten samples reach, or all of them where there are few."""
    if len(samples) < FEW:
        return min(samples), max(samples)
    return percentile(samples, 5), percentile(samples, 95)


def percentile(samples: Sequence[float], percent: int) -> float:
    """The smallest sample that so many of a hundred do not exceed."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def figure(
    name: str, samples: Sequence[float], unit: str, how: str = "", *, digits: int = 1
) -> Figure:
    value, spread = told(samples, unit, digits=digits)
    return Figure(name=name, value=value, spread=spread, how=how)
