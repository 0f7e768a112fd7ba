"""What a run's workers share is kept by a process of its own.

The first worker that asks starts it; it ends when no process holds the folder's `users` file with a
shared lock any more, however those processes end.
"""

from __future__ import annotations

import contextlib
import fcntl
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 240
MEMORY = Path("/dev/shm")  # noqa: S108 - what lies in it is ours alone
NEEDED_BYTES = 4 * 2**30


@contextlib.contextmanager
def kept(home: Path, program: str, ready: str) -> Iterator[str]:
    """What `python -m program home` wrote to the file `ready` in there, and keeps up."""
    home.mkdir(parents=True, exist_ok=True)
    with locked(home / "starting", fcntl.LOCK_EX), contextlib.ExitStack() as stack:
        stack.enter_context(locked(home / "users", fcntl.LOCK_SH))
        written = home / ready
        if not written.exists():
            _start(home, program, written)
        users = stack.pop_all()
    with users:
        yield written.read_text()


@contextlib.contextmanager
def quick_folder(name: str) -> Iterator[Path]:
    """For what servers write, which otherwise waits for a disk; in memory where there is room.

    Everybody may pass through it: as root the servers run as somebody else.
    """
    has_room = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > NEEDED_BYTES
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=MEMORY if has_room else None))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextlib.contextmanager
def locked(path: Path, how: int) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, how)
        yield


def _start(home: Path, program: str, written: Path) -> None:
    if (home / "failed").exists():  # a second try would make a busy machine busier
        raise AssertionError(f"{program} did not start before: {(home / 'keeper.log').read_text()}")
    with (home / "keeper.log").open("w") as said:
        keeper = subprocess.Popen(
            [sys.executable, "-m", program, str(home)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            # Who ends a whole group ends the workers: it notices that, and leaves nothing behind.
            start_new_session=True,
        )
    deadline = time.monotonic() + START_SECONDS
    while not written.exists():
        if keeper.poll() is not None or time.monotonic() > deadline:
            keeper.terminate()
            (home / "failed").touch()
            raise AssertionError(f"{program} did not start: {(home / 'keeper.log').read_text()}")
        time.sleep(0.02)
    # It outlives this worker on purpose; nobody waits for it here.
    keeper.returncode = 0
