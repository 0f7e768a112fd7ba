"""What is known of a timer."""

from __future__ import annotations

from dataclasses import dataclass

from functions.modules.timers.rhythm import TimerRhythm

MODULE_NAME = "timers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """`texts` take turns; `places` are the entities where it is said."""

    id: int
    name: str
    rhythm: TimerRhythm
    texts: tuple[str, ...]
    places: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerTurn:
    """A timer in one place whose time has come: `said` is how often it was there, `after_lines` how
    many lines are heard there before it is said again.
    """

    timer: Timer
    said: int
    after_lines: int

    @property
    def text(self) -> str:
        return self.timer.texts[self.said % len(self.timer.texts)]
