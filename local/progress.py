"""The first minute in the terminal: one line a part, as it comes up."""

from __future__ import annotations

import sys
import time


class Progress:
    def __init__(self, *, first: bool) -> None:
        self._started = time.monotonic()
        self._part_started = self._started
        about = "first start: about 5 s, later about 2" if first else "about 2 s"
        print(f"waddlebot   {about}", flush=True)

    def part(self, name: str, seconds: float, words: str) -> None:
        print(f"  {name:<10}{seconds:5.1f} s   {words}", flush=True)
        self._part_started = time.monotonic()

    def part_done(self, name: str, words: str) -> None:
        """A part that took from the end of the last one until now."""
        self.part(name, time.monotonic() - self._part_started, words)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._started


def complain(sentence: str) -> int:
    print(f"\n{sentence}", file=sys.stderr, flush=True)
    return 1
