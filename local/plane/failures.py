"""What a person is told when the data plane cannot run."""

from __future__ import annotations

import errno
import platform
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from local.plane.tether import CANNOT_RUN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
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
    if error.errno in CLOSED:
        return (
            f"{place} cannot be written ({error.strerror}). "
            "Make it writable, or set WADDLEBOT_HOME to a folder of your own."
        )
    return f"This could not be started: {error}."


def disk_is_full(place: Path) -> str:
    there = next(folder for folder in (place, *place.absolute().parents) if folder.exists())
    free_mb = shutil.disk_usage(there).free // 2**20
    return f"The disk is full: {free_mb} MB free at {there}. Make room, then start again."


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
