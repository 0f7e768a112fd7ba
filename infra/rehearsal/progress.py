"""What the terminal shows: one line a step, when it is done, and how long it took."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

SAMPLE_SECONDS = 2.0
MOST_SECONDS, MOST_MB = 300.0, 2048
"""What a rehearsal may take: it stands in the gate."""
BUSY = 2.5
"""Above so much of a load a core others are at work; a rehearsal alone waits most of its time."""


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
    `most` says what it was at the peak, by program.
    """

    def __init__(self) -> None:
        self.peak_mb = 0
        self.most = ""
        self._of_step = 0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        self._end.set()
        self._thread.join()
        return self.peak_mb

    def step_mb(self) -> int:
        """The most since it was asked last."""
        most, self._of_step = self._of_step, 0
        return most

    def _watch(self) -> None:
        while not self._end.wait(SAMPLE_SECONDS):
            held = held_mb()
            total = sum(held.values())
            self._of_step = max(self._of_step, total)
            if total > self.peak_mb:
                self.peak_mb = total
                self.most = ", ".join(f"{name} {count}" for name, count in held.most_common(4))


def held_mb() -> Counter[str]:
    here = psutil.Process()
    held: Counter[str] = Counter()
    for process in (here, *here.children(recursive=True)):
        with contextlib.suppress(psutil.Error):  # it ended, or is somebody else's
            held[_called(process)] += _share_of(process) // 2**20
    return held


def _called(process: psutil.Process) -> str:
    """As whom it counts: its program, and of Python what it runs."""
    words = process.cmdline()
    named = next((word for word in words[1:] if word.endswith(".py")), "")
    if "-m" in words[:-1]:
        named = words[words.index("-m") + 1]
    return f"{Path(words[0]).name if words else process.name()} {Path(named).name}".strip()


def _share_of(process: psutil.Process) -> int:
    told = process.memory_full_info() if sys.platform == "linux" else process.memory_info()
    return int(getattr(told, "pss", told.rss))


def exceeded(seconds: float, peak_mb: int, load: float, cores: int) -> str:
    """What was too much, in a sentence, or nothing. `load` is what waited for a core meanwhile.

    On a machine that others keep busy as well its time says nothing of the rehearsal.
    """
    if peak_mb > MOST_MB:
        return (
            f"It held {peak_mb} MB at once, and {MOST_MB} is what a rehearsal may: see which step "
            "came to that, and start less at once."
        )
    if seconds > MOST_SECONDS and load <= cores * BUSY:
        return (
            f"It took {seconds:.0f} s, and {MOST_SECONDS:.0f} is what a rehearsal may: see which "
            "step took them."
        )
    return ""


def run_steps(
    steps: Sequence[RehearsalStep], logs: Path, step_mb: Callable[[], int] = lambda: 0
) -> None:
    """One after the other. Raises RehearsalFailed with the step's name and where to read on."""
    for step in steps:
        began = time.monotonic()
        try:
            seen = step.do()
        except Exception as failed:
            raise RehearsalFailed(
                f'The rehearsal failed at "{step.name}": {failed}\nRead on in {logs}/.'
            ) from failed
        say(step.name, time.monotonic() - began, seen, step_mb())


def say(part: str, seconds: float, words: str, most_mb: int = 0) -> None:
    held = f"{most_mb:5} MB" if most_mb else " " * 8
    print(f"  {part:<22}{seconds:6.1f} s {held}   {words}", flush=True)
