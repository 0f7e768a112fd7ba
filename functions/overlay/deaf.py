"""Sockets whose reader takes nothing: each has a few chances, and is closed then.

A writer is refused alike where one reader is slow and where all together write too much, so one
refusal says nothing of a socket. A page that is closed comes again, and asks for what it missed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from waddlebot.runtime.socket_writer import Reached

CHANCES = 3
MOST_KNOWN = 5000


@dataclass(slots=True)
class DeafSockets:
    """As one process has seen it: how often each was refused since it last took something."""

    _refused: dict[str, int] = field(default_factory=dict)

    def is_slow(self, socket: str) -> bool:
        """Nobody is to wait for it again."""
        return socket in self._refused

    def note(self, reached: Mapping[str, Reached]) -> list[str]:
        """Those that had their last chance."""
        for socket, fate in reached.items():
            before = self._refused.pop(socket, 0)
            if fate is Reached.FULL:
                self._refused[socket] = before + 1
        over = [one for one in reached if self._refused.get(one, 0) >= CHANCES]
        while len(self._refused) > MOST_KNOWN:
            del self._refused[next(iter(self._refused))]
        for one in over:
            self._refused.pop(one, None)
        return over
