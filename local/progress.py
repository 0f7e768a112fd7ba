"""The first minute in the terminal: one line a part, as it comes up; and the last line."""

from __future__ import annotations

import contextlib
import sys
import time
from pathlib import Path
from typing import TextIO

from local.bootstrap import FIRST_START, LATER_START

PART_INDENT = " " * 22


class StartFailed(Exception):
    """The sentence is for the person at the keyboard."""


class StartProgress:
    def __init__(self) -> None:
        self._part_started = time.monotonic()

    def begin(self, *, is_first: bool) -> None:
        first = f"the first start takes {FIRST_START}, later ones {LATER_START}"
        say(f"waddlebot   {first if is_first else LATER_START}")
        self._part_started = time.monotonic()

    def part(self, name: str, seconds: float, words: str) -> None:
        say(f"  {name:<10}{seconds:5.1f} s   {words}")
        self._part_started = time.monotonic()

    def part_done(self, name: str, words: str) -> None:
        """A part that took from the end of the last one until now."""
        self.part(name, time.monotonic() - self._part_started, words)


def say(text: str, *, to: TextIO | None = None) -> None:
    """A terminal that is gone, or a file on a full disk, stops nothing."""
    with contextlib.suppress(OSError):
        print(text, file=to or sys.stdout, flush=True)


def complain(sentence: str) -> int:
    say(f"\n{sentence}", to=sys.stderr)
    return 1


def farewell(home: Path) -> int:
    say(f"\nstopped; data is kept in {home}")
    return 0
