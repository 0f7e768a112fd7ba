"""Where houses of one checkout run on this machine, for whoever looks for one without its folder.

Each running house holds the lock of a small file, which names its folder; a file whose lock is
free is left over from a house that was killed.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def told_of(home: Path, checkout: Path) -> Iterator[None]:
    """While it runs. Where nothing can be written nobody finds it, and all else goes on."""
    file = None
    with contextlib.suppress(OSError):
        name = hashlib.sha256(f"{checkout}\0{home}".encode()).hexdigest()[:16]
        file = (_folder() / f"{name}.json").open("w")
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        json.dump({"home": str(home), "checkout": str(checkout)}, file)
        file.flush()
    try:
        yield
    finally:
        if file is not None:
            with contextlib.suppress(OSError):
                Path(file.name).unlink()
            with contextlib.suppress(OSError):
                file.close()


def running_homes(checkout: Path) -> list[Path]:
    """In order of their names."""
    homes = []
    with contextlib.suppress(OSError):
        for path in _folder().glob("*.json"):
            told = _running(path)
            if told.get("checkout") == str(checkout):
                homes.append(Path(told["home"]))
    return sorted(homes)


def _running(path: Path) -> dict[str, str]:
    """What the file of a house that runs says; nothing for others, whose file is taken away."""
    try:
        with path.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                told: dict[str, str] = json.load(file)
                return told
            path.unlink()
    except (OSError, ValueError):
        pass
    return {}


def _folder() -> Path:
    """Ours alone. Raises OSError where it is not."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    folder = Path(runtime or tempfile.gettempdir()) / f"waddlebot-{os.geteuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise PermissionError(f"{folder} is not ours alone")
    return folder
