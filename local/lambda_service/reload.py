"""Notices that sources changed, so that the next event runs the new code."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from local.lambda_service.contract import LocalFunction

LOOK_EVERY_SECONDS = 1.0


class Sources:
    """The Python files of some packages; looked at once a second at most."""

    def __init__(self, packages: Iterable[Path]) -> None:
        """Each is a package's folder, or a module's path without its `.py`."""
        self._packages = tuple(packages)
        self._looked_at = -LOOK_EVERY_SECONDS
        self._version = 0

    def version(self) -> int:
        """The newest modification time, in nanoseconds."""
        now = time.monotonic()
        if now - self._looked_at >= LOOK_EVERY_SECONDS:
            self._looked_at = now
            self._version = max(self._times(), default=0)
        return self._version

    def _times(self) -> Iterator[int]:
        for package in self._packages:
            yield modified_ns(package.with_suffix(".py"))
            yield from modified_below(package)


def package_of(function: LocalFunction) -> Path:
    """Where its handler lives."""
    package, _, _ = function.handler.partition(".")
    return function.python_path[0] / package


def packages_in(names: Iterable[str], path: Iterable[Path]) -> tuple[Path, ...]:
    """Of these modules' packages those that lie in our folders, and not among the libraries."""
    tops = dict.fromkeys(name.partition(".")[0] for name in names)
    places = (part / top for part in dict.fromkeys(path) for top in tops)
    return tuple(place for place in places if place.is_dir())


def modified_below(folder: str | Path) -> Iterator[int]:
    try:
        entries = list(os.scandir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        if entry.name.endswith(".py"):
            yield modified_ns(entry)
        elif entry.is_dir() and entry.name != "__pycache__":
            yield from modified_below(entry.path)


def modified_ns(file: Path | os.DirEntry[str]) -> int:
    try:
        return file.stat().st_mtime_ns
    except FileNotFoundError:
        return 0
