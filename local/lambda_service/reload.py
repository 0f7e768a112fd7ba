"""Notices that sources changed, so that the next event runs the new code."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from local.lambda_service.contract import LocalFunction

LOOK_EVERY_SECONDS = 1.0

FileState = tuple[str, int, int]
"""Its path, when it was written, and its size: the newest alone would hide what is older."""


class Sources:
    """The Python files of some packages; looked at once a second at most."""

    def __init__(self, packages: Iterable[Path]) -> None:
        """Each is a package's folder, or a module's path without its `.py`."""
        self._packages = tuple(packages)
        self._looked_at = -LOOK_EVERY_SECONDS
        self._version = 0

    def version(self) -> int:
        """Another number whenever one of them has come, gone or changed."""
        now = time.monotonic()
        if now - self._looked_at >= LOOK_EVERY_SECONDS:
            self._looked_at = now
            self._version = hash(frozenset(self._states()))
        return self._version

    def _states(self) -> Iterator[FileState]:
        for package in self._packages:
            yield from states_of([package.with_suffix(".py")])
            yield from states_of(python_files_below(package))


def package_of(function: LocalFunction) -> Path:
    """Where its handler lives."""
    package, _, _ = function.handler.partition(".")
    return function.python_path[0] / package


def packages_in(names: Iterable[str], path: Iterable[Path]) -> tuple[Path, ...]:
    """Of these modules' packages those that lie in our folders, and not among the libraries."""
    tops = dict.fromkeys(name.partition(".")[0] for name in names)
    places = (part / top for part in dict.fromkeys(path) for top in tops)
    return tuple(place for place in places if place.is_dir())


def python_files_below(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Links are left alone: one that leads to a folder above it would have no end."""
    waiting: list[str | Path] = [folder]
    while waiting:
        try:
            entries = list(os.scandir(waiting.pop()))
        except OSError:  # gone by now, or not for us to look into
            continue
        for entry in entries:
            if is_folder(entry):
                waiting += [entry.path] if entry.name != "__pycache__" else []
            elif entry.name.endswith(".py"):
                yield entry


def is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def states_of(files: Iterable[Path | os.DirEntry[str]]) -> Iterator[FileState]:
    for file in files:
        with contextlib.suppress(OSError):  # gone by now
            state = file.stat(follow_symlinks=False)
            yield os.fspath(file), state.st_mtime_ns, state.st_size
