"""What the terminal shows: one line a step, when it is done, and how long it took."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

SAMPLE_SECONDS = 2.0


class RehearsalFailed(Exception):
    """The sentence says what was expected and what came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalStep:
    """`do` returns what was seen, in a few words, and raises RehearsalFailed."""

    name: str
    do: Callable[[], str]


class MemoryWatch:
    """The most that this process and all it started held at once, in MB; asked every other second.

    Proportional shares, so that pages of a server's workers do not count once for each.
    """

    def __init__(self) -> None:
        self.peak_mb = 0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        self._end.set()
        self._thread.join()
        return self.peak_mb

    def _watch(self) -> None:
        while not self._end.wait(SAMPLE_SECONDS):
            self.peak_mb = max(self.peak_mb, held_mb())


def held_mb() -> int:
    here = psutil.Process()
    return sum(map(_share_of, (here, *here.children(recursive=True)))) // 2**20


def _share_of(process: psutil.Process) -> int:
    try:
        told = process.memory_full_info() if sys.platform == "linux" else process.memory_info()
        return int(getattr(told, "pss", told.rss))
    except psutil.Error:  # it ended, or is somebody else's
        return 0


def run_steps(steps: Sequence[RehearsalStep], logs: Path) -> None:
    """One after the other. Raises RehearsalFailed with the step's name and where to read on."""
    for step in steps:
        began = time.monotonic()
        try:
            seen = step.do()
        except Exception as failed:
            raise RehearsalFailed(
                f'The rehearsal failed at "{step.name}": {failed}\nRead on in {logs}/.'
            ) from failed
        say(step.name, time.monotonic() - began, seen)


def say(part: str, seconds: float, words: str) -> None:
    print(f"  {part:<22}{seconds:6.1f} s   {words}", flush=True)
