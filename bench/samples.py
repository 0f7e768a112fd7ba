"""What a figure is made of: samples of one thing, and how they are told."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One row of the table; `how` says what the number includes and what not."""

    name: str
    value: str
    spread: str = ""
    how: str = ""


def told(samples: Sequence[float], unit: str, *, digits: int = 1) -> tuple[str, str]:
    """The median, and from where to where nine of ten samples reach (all of them where few)."""
    low, high = (
        (min(samples), max(samples))
        if len(samples) < 20
        else (percentile(samples, 5), percentile(samples, 95))
    )
    show = _shown(digits)
    spread = f"{show(low)} to {show(high)}" if len(samples) > 1 else ""
    return f"{show(statistics.median(samples))} {unit}", spread


def percentile(samples: Sequence[float], percent: int) -> float:
    """The smallest sample that so many of a hundred do not exceed."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def figure(
    name: str, samples: Sequence[float], unit: str, how: str = "", *, digits: int = 1
) -> Figure:
    value, spread = told(samples, unit, digits=digits)
    return Figure(name=name, value=value, spread=spread, how=how)


def _shown(digits: int) -> Callable[[float], str]:
    return lambda number: f"{number:,.{digits}f}"
