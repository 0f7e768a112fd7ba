"""One launcher a home."""

from __future__ import annotations

import fcntl
import os
import time
from typing import IO, TYPE_CHECKING

from local.plane.failures import PlaneFailed

if TYPE_CHECKING:
    from pathlib import Path

# A child that a killed launcher was just making holds the lock until it becomes its program.
PATIENCE_SECONDS = 1.0
POLL_SECONDS = 0.02


class HomeTaken(PlaneFailed):
    """Another launcher runs on this home."""


class HomeLock:
    """Held for life: the kernel lets go of it with the process, however that ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None

    def hold(self) -> None:
        """Nothing happens if it is held by us. Raises HomeTaken."""
        if self._file:
            return
        file = self._path.open("a+")
        if not is_locked(file):
            file.seek(0)
            holder = file.read().strip() or "unknown"
            file.close()
            raise HomeTaken(
                f"already running: process {holder} holds {self._path.parent}. "
                "Stop it first, or set WADDLEBOT_HOME to another folder."
            )
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        self._file = file

    def release(self) -> None:
        if self._file:
            self._file.close()
            self._file = None


def is_held(path: Path) -> bool:
    """Whether somebody's launcher runs on this home."""
    try:
        with path.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # no lock yet, or nothing that we may look at
        pass
    return False


def is_locked(file: IO[str]) -> bool:
    """Locks it if nobody else does."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
            time.sleep(POLL_SECONDS)
        else:
            return True
