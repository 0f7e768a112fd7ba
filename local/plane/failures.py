"""What a person is told when the data plane cannot run."""

from __future__ import annotations

import errno
import os
import platform
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from local.plane.tether import CANNOT_RUN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
NO_FOLDER = frozenset({errno.ENOTDIR, errno.EEXIST})
ROOM_MB = 200
"""Of a first start; it fills two thirds of that."""
ROOM_LATER_MB = 30
CLOSED = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


class PlaneFailed(Exception):
    """The sentence says what happened and what to do."""


@contextmanager
def explained(home: Path) -> Iterator[None]:
    """Turns what the system says about files into a sentence."""
    try:
        yield
    except OSError as error:
        raise PlaneFailed(sentence_for(error, home)) from error


def sentence_for(error: OSError, home: Path) -> str:
    place = error.filename or home
    if error.errno in FULL:
        return disk_is_full(Path(str(place)))
    if error.errno in NO_FOLDER and (file := file_on_the_way(home)):
        return is_a_file(file)
    if error.errno in CLOSED:
        return (
            f"{place} cannot be written ({error.strerror}). "
            "Make it writable, or set WADDLEBOT_HOME to a folder of your own."
        )
    return f"This could not be started: {error}."


def file_on_the_way(home: Path) -> Path | None:
    """Where a folder is needed and something else is."""
    there = _nearest(home / "plane")
    return None if there.is_dir() else there


def is_a_file(file: Path) -> str:
    return f"{file} is no folder. Move it away, or set WADDLEBOT_HOME to a folder of your own."


def disk_is_full(place: Path) -> str:
    """What is used up: room, or something else while there is room."""
    there = _nearest(place)
    found = os.statvfs(there)
    free_mb = found.f_bavail * found.f_frsize // 2**20
    if free_mb < ROOM_LATER_MB:
        return f"The disk is full: {free_mb} MB free at {there}. Make room, then start again."
    what = "no more files may be made there" if not found.f_favail else "a quota may be used up"
    return f"{place} takes no more, with {free_mb} MB free: {what}. Make room, then start again."


def needed_mb(*, is_first: bool) -> int:
    """What has to be free before a start."""
    return ROOM_MB if is_first else ROOM_LATER_MB


def check_room(home: Path, *, is_first: bool) -> None:
    """Raises PlaneFailed where a start could not come to its end."""
    there, needed = _nearest(home), needed_mb(is_first=is_first)
    free_mb = shutil.disk_usage(there).free // 2**20
    if free_mb < needed:
        raise PlaneFailed(
            f"The disk is nearly full: {free_mb} MB free at {there}, and a start needs {needed}. "
            "Make room, or set WADDLEBOT_HOME to a folder elsewhere."
        )


def _nearest(place: Path) -> Path:
    return next(one for one in (place, *place.absolute().parents) if one.exists())


def why_it_ended(name: str, returncode: int, lines: Sequence[str], log: Path) -> PlaneFailed:
    """A server or tool ended by itself; `lines` are the last of its log."""
    said = "\n".join(f"  {line}" for line in lines)
    if returncode == CANNOT_RUN:
        return PlaneFailed(
            f"The program of {name} does not run on this machine ({platform.platform()}). "
            "Linux on x86-64 or arm64 with glibc is supported, on Windows through WSL2. "
            f"DATABASE_URL and VALKEY_*_URL can name servers elsewhere.\n{said}"
        )
    if "No space left on device" in said:
        return PlaneFailed(f"{name}: {disk_is_full(log)}\n{said}")
    return PlaneFailed(f"{name} ended while starting (code {returncode}). {log} ends with:\n{said}")
