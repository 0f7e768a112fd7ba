"""Which floors a call walks through: every call of the house's own is noted, with who makes it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from tests.contract.imports import ROOT

FLOORS = {
    "layers/shared/python/waddlebot/domain/": 0,
    "layers/shared/python/waddlebot/stores/": 1,
    "layers/shared/python/waddlebot/platforms/": 1,
    "layers/shared/python/waddlebot/decisions/": 2,
    "layers/shared/python/waddlebot/runtime/": 3,
    "functions/": 4,
}
"""The SDK and libraries have none: what they call is called by whoever called them."""


@dataclass(slots=True)
class Walk:
    """`steps` are (file that calls, file that is called) between floors, each once."""

    steps: dict[tuple[str, str], None] = field(default_factory=dict)

    @property
    def climbs(self) -> list[tuple[str, str]]:
        return [step for step in self.steps if _floor(step[0]) < _floor(step[1])]

    def floors(self) -> list[int]:
        """On which floors it was, in the order in which each was reached first."""
        return list(dict.fromkeys(_floor(file) for step in self.steps for file in step))


@contextmanager
def walked_from(start: str) -> Iterator[Walk]:
    """What is called, however deeply, by functions of the file `start`."""
    walk, before = Walk(), sys.getprofile()

    def note(frame: FrameType, event: str, _argument: Any) -> None:
        if event != "call" or not _own(frame):
            return
        callers = [path for one in _callers(frame) if (path := _own(one))]
        if start in callers and _floor(callers[0]) != _floor(_own(frame)):
            walk.steps.setdefault((callers[0], _own(frame)))

    sys.setprofile(note)
    try:
        yield walk
    finally:
        sys.setprofile(before)


def _callers(frame: FrameType) -> Iterator[FrameType]:
    while frame.f_back is not None:
        frame = frame.f_back
        yield frame


def _own(frame: FrameType) -> str:
    """Its file, or nothing where that is on no floor."""
    path = frame.f_code.co_filename.removeprefix(f"{ROOT}/")
    return path if path.startswith(tuple(FLOORS)) else ""


def _floor(path: str) -> int:
    return next(floor for folder, floor in FLOORS.items() if path.startswith(folder))
