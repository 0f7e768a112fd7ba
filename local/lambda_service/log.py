"""What a function says: one file a function, and the last 4 kB of each invocation."""

from __future__ import annotations

import asyncio
import errno
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

TAIL_BYTES = 4096
ROTATE_AT_BYTES = 10_000_000
READ_BYTES = 65536
"""As much as a pipe holds: one read takes all that was written before it."""
MOST_BYTES_A_CALL = 1024 * 1024
_TOO_MUCH = b"\n(What it wrote beyond 1 MB in this call is dropped.)\n"
SAY_AGAIN_SECONDS = 600.0


class LogTrouble:
    """One sentence for all logs that cannot be written, and none again for ten minutes."""

    def __init__(self, say: Callable[[str], object]) -> None:
        self._say = say
        self._quiet_until = 0.0

    def tell(self, path: Path, error: OSError) -> None:
        now = time.monotonic()
        if now >= self._quiet_until:
            self._quiet_until = now + SAY_AGAIN_SECONDS
            self._say(
                f"Logs cannot be written in {path.parent} ({error.strerror}): what they would hold "
                "is dropped, and all else goes on. Make room there."
            )


class FunctionLog:
    """`<function>.log`; at 10 MB it becomes `<function>.log.1` and starts anew.

    What cannot be written is dropped: no function fails because a disk is full.
    """

    def __init__(self, path: Path, trouble: LogTrouble) -> None:
        self._path = path
        self._trouble = trouble
        self._fd: int | None = None
        self.write(b"")

    def write(self, text: bytes) -> None:
        try:
            fd = self._open()
            while text:
                written = os.write(fd, text)
                self._size += written
                text = text[written:]
            if self._size > ROTATE_AT_BYTES:
                self.close()
                self._path.replace(self._path.with_name(f"{self._path.name}.1"))
        except OSError as error:
            self._trouble.tell(self._path, error)

    def close(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def _open(self) -> int:
        if self._fd is None:
            # May hold what people typed: readable by their owner only.
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
            self._fd = os.open(self._path, flags, 0o600)
            self._size = os.fstat(self._fd).st_size
        return self._fd


def open_log(path: Path) -> IO[bytes]:
    """For a process that writes it by itself; nowhere where the disk has no room for the file.

    Raises OSError for every other trouble.
    """
    try:
        return path.open("ab")
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        return Path(os.devnull).open("ab")


class Output:
    """One worker's standard output and error, line by line into its function's log."""

    def __init__(self, log: FunctionLog) -> None:
        self._log = log
        self._partial = b""
        self._tail = b""
        self._room = MOST_BYTES_A_CALL
        self._is_open = True
        self._reading, self.writing = os.pipe()
        os.set_blocking(self._reading, False)
        asyncio.get_running_loop().add_reader(self._reading, self.drain)

    def drain(self) -> None:
        """Takes in all that was written before now, and no more: who writes without end has no
        more than a turn of everybody's.
        """
        if not self._is_open:
            return
        try:
            data = os.read(self._reading, READ_BYTES)
        except BlockingIOError:
            return
        if data:
            self._take(self._cut(data))
        else:
            asyncio.get_running_loop().remove_reader(self._reading)

    def say(self, text: str) -> None:
        """A line of the platform's own, such as START."""
        self._keep(text.encode())

    def take_tail(self) -> bytes:
        """What was said since the last time, at most 4 kB of it."""
        tail, self._tail = self._tail[-TAIL_BYTES:], b""
        self._room = MOST_BYTES_A_CALL
        return tail

    def close(self) -> None:
        self.drain()
        self._is_open = False
        if self._partial:
            self._take(b"\n")
        asyncio.get_running_loop().remove_reader(self._reading)
        os.close(self._reading)

    def _cut(self, data: bytes) -> bytes:
        kept = data[: max(self._room, 0)]
        if len(kept) < len(data) and self._room >= 0:
            kept += _TOO_MUCH
            self._room = 0
        self._room -= len(data)
        return kept

    def _take(self, data: bytes) -> None:
        # The runtime client puts carriage returns between the lines of a traceback, so that it
        # stays one entry of a cloud log; people read this one.
        whole, newline, rest = (self._partial + data).replace(b"\r", b"\n").rpartition(b"\n")
        self._partial = rest
        if newline:
            self._keep(whole + newline)

    def _keep(self, text: bytes) -> None:
        self._log.write(text)
        self._tail = (self._tail + text)[-TAIL_BYTES:]
