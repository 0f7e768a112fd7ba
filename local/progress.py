"""The first minute in the terminal: one line a part, as it comes up; and the last line."""

from __future__ import annotations

import sys
import time
from pathlib import Path


class Progress:
    def __init__(self) -> None:
        self._part_started = time.monotonic()

    def begin(self, *, is_first: bool) -> None:
        about = "first start: about 10 s, later about 2" if is_first else "about 2 s"
        print(f"waddlebot   {about}", flush=True)
        self._part_started = time.monotonic()

    def part(self, name: str, seconds: float, words: str) -> None:
        print(f"  {name:<10}{seconds:5.1f} s   {words}", flush=True)
        self._part_started = time.monotonic()

    def part_done(self, name: str, words: str) -> None:
        """A part that took from the end of the last one until now."""
        self.part(name, time.monotonic() - self._part_started, words)


def complain(sentence: str) -> int:
    print(f"\n{sentence}", file=sys.stderr, flush=True)
    return 1


def farewell(home: Path) -> int:
    print(f"\nstopped; data is kept in {home}", flush=True)
    return 0
