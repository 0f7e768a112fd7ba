"""Notices that a function's sources changed, so that the next event runs the new code."""

from __future__ import annotations

import time
from pathlib import Path

from local.lambda_service.contract import LocalFunction

LOOK_EVERY_SECONDS = 1.0


class Sources:
    """The Python files of the package its handler lives in; looked at once a second at most."""

    def __init__(self, function: LocalFunction) -> None:
        package, _, _ = function.handler.partition(".")
        self._folder = function.python_path[0] / package
        self._single_file = function.python_path[0] / f"{package}.py"
        self._looked_at = -LOOK_EVERY_SECONDS
        self._version = 0

    def version(self) -> int:
        """The newest modification time, in nanoseconds."""
        now = time.monotonic()
        if now - self._looked_at >= LOOK_EVERY_SECONDS:
            self._looked_at = now
            self._version = max(map(modified_ns, self._files()), default=0)
        return self._version

    def _files(self) -> list[Path]:
        return [self._single_file, *self._folder.rglob("*.py")]


def modified_ns(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except FileNotFoundError:
        return 0
