"""A wire between the house and its streams server that stops or kills whoever says a given thing.

Only what a machine can do to a process is done: it is stopped, continued and killed from outside,
at the very moment when it sends a step of the protocol (docs/delivery.md).
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

import psutil

_CHUNK = 1 << 16
MOST_LOOKS = 5


class Moment(StrEnum):
    """BEFORE: the server never hears of the step. AFTER: it does it."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(slots=True, kw_only=True)
class Fault:
    """Falls once upon the next command with all these words in it; `pid` says upon whom."""

    words: tuple[bytes, ...]
    moment: Moment
    strike: Callable[[int], None]
    happened: threading.Event = field(default_factory=threading.Event)

    def is_meant(self, command: bytes) -> bool:
        return not self.happened.is_set() and all(word in command for word in self.words)


def killed(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def killed_after(seconds: float) -> Callable[[int], None]:
    def go_on_and_die(pid: int) -> None:
        _continue(pid)
        threading.Timer(seconds, killed, [pid]).start()

    return go_on_and_die


def held_for(seconds: float) -> Callable[[int], None]:
    """Continued after so long: it is stopped already."""

    def hold(pid: int) -> None:
        threading.Timer(seconds, _continue, [pid]).start()

    return hold


class Tap:
    """Listens on loopback; `url` is the server's address with this wire in between."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._server = (parts.hostname or "127.0.0.1", parts.port or 6379)
        self._listener = socket.create_server(("127.0.0.1", 0))
        port = self._listener.getsockname()[1]
        self.url = parts._replace(netloc=f":{parts.password}@127.0.0.1:{port}").geturl()
        self._faults: list[Fault] = []
        self._searches = ThreadPoolExecutor(2)

    def plan(self, fault: Fault) -> Fault:
        self._faults.append(fault)
        return fault

    @contextlib.contextmanager
    def open(self) -> Iterator[Tap]:
        threading.Thread(target=self._accept, daemon=True).start()
        try:
            yield self
        finally:
            self._listener.close()
            self._searches.shutdown(wait=False, cancel_futures=True)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, (_, port) = self._listener.accept()
                server = socket.create_connection(self._server)
                # Asked at once: on a busy machine the search takes longer than a command may.
                owner = self._searches.submit(_owner, port)
                for carry, args in ((self._there, (owner, port)), (self._back, ())):
                    parts = (client, server, *args)
                    threading.Thread(target=carry, args=parts, daemon=True).start()

    def _there(
        self, client: socket.socket, server: socket.socket, owner: Future[int | None], port: int
    ) -> None:
        with contextlib.suppress(OSError), client, server:
            while command := client.recv(_CHUNK):
                fault = next((one for one in self._faults if one.is_meant(command)), None)
                if fault is None:
                    server.sendall(command)
                    continue
                # Whoever said it stands still until it is decided what becomes of him.
                pid = owner.result() if owner.done() else None
                if pid is None or not _holds(pid, _inode_of(port)):
                    pid = _owner(port)
                if pid is None:
                    return  # whoever said it waits no more; it is said again on another wire
                os.kill(pid, signal.SIGSTOP)
                if fault.moment is Moment.AFTER:
                    server.sendall(command)
                fault.strike(pid)
                fault.happened.set()
                if fault.moment is Moment.BEFORE:
                    return

    def _back(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError), client, server:
            while answer := server.recv(_CHUNK):
                client.sendall(answer)


def _owner(port: int) -> int | None:
    """The process at the other end of a connection on this machine, if it is still there.

    Functions are looked at first: on a busy machine a look at all processes takes so long that
    whoever said it has given up meanwhile.
    """
    inode = _inode_of(port)
    functions = [pid for pid in psutil.pids() if _is_function(pid)]
    for _ in range(MOST_LOOKS):
        if inode is None:
            return None
        for pid in functions or psutil.pids():
            if _holds(pid, inode):
                return pid
        functions, inode = [], _inode_of(port)
    return None


def _inode_of(port: int) -> int | None:
    """Of the end of a connection at this port of 127.0.0.1, as the kernel's table has it."""
    here = f"0100007F:{port:04X}"
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        parts = line.split()
        if parts[1] == here and parts[9] != "0":
            return int(parts[9])
    return None


def _is_function(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return b"fork_server_process" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def _holds(pid: int, inode: int | None) -> bool:
    with contextlib.suppress(OSError):
        for opened in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                if str(opened.readlink()) == f"socket:[{inode}]":
                    return True
    return False


def _continue(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGCONT)
