"""Our end of a fork server: starts it, orders workers from it, hears when they end."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from local.lambda_service.log import open_log
from local.lambda_service.reload import Sources

PROGRAM = Path(__file__).with_name("fork_server_process.py")
START_SECONDS = 60.0
STOP_SECONDS = 5.0
KEPT_VARIABLES = ("PATH", "LANG")
KILLED = -9


class ForkServerFailed(Exception):
    """The fork server could not be started or has died; the text is its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """What a fork server has at hand: its path before the packages, and what it imports.

    `preload` is asked whenever one starts: by then there may be other modules. A `bare` one finds
    the standard library and the runtime client only. `changing` are the packages among the imports
    that somebody may be working on, `sources` their files: once those have changed, a worker
    imports the packages anew.
    """

    label: str
    bare: bool = False
    path: tuple[Path, ...] = ()
    preload: Callable[[], Sequence[str]] = tuple
    changing: tuple[str, ...] = ()
    sources: Sources | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerOrder:
    """`memory_mb` None sets no limit. `kept`: whatever it starts ends with it."""

    handler: str
    environment: Mapping[str, str]
    path: tuple[Path, ...]
    memory_mb: int | None
    kept: bool = False


class ForkServer:
    """Started again by the next order if it has died; its workers die with it."""

    def __init__(self, preparation: Preparation, *, log: Path) -> None:
        self._preparation = preparation
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._received = b""
        self._started: asyncio.Future[None] | None = None
        self._orders: dict[int, tuple[asyncio.Future[int], Callable[[int], None]]] = {}
        self._workers: dict[int, Callable[[int], None]] = {}
        self._last_order = 0
        self._starting = asyncio.Lock()
        self._imported_version = 0

    async def start(self) -> None:
        """Returns when it is ready to fork. Raises ForkServerFailed."""
        async with self._starting:
            if self._control is not None:
                return
            await self._end_process()
            self._begin()
            try:
                await asyncio.wait_for(self._imported(), START_SECONDS)
            except TimeoutError:
                await self.stop()
                raise ForkServerFailed(self._failure("took too long to import")) from None
            except ForkServerFailed:
                await self.stop()
                raise

    async def fork(self, order: WorkerOrder, log_pipe: int, on_exit: Callable[[int], None]) -> int:
        """The new worker's process id. `on_exit` gets its exit status, negative for a signal."""
        await self.start()
        self._last_order += 1
        line = as_line(
            {
                "fork": self._last_order,
                "handler": order.handler,
                "environment": dict(order.environment),
                "path": [str(part) for part in order.path],
                "directory": str(order.path[0]),
                "memory_mb": order.memory_mb,
                "kept": order.kept,
                "anew": self._changed(),
            }
        )
        # Only from here on: an order that nobody waits for would be heard of when all stops.
        forked: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._orders[self._last_order] = (forked, on_exit)
        self._send(line, log_pipe)
        return await forked

    def kill(self, pid: int) -> None:
        """Ends the worker's whole process group; `on_exit` tells when it has ended."""
        if pid in self._workers:
            self._send(as_line({"kill": pid}))

    async def stop(self) -> None:
        """The fork server ends its workers and itself when we hang up."""
        self._hang_up()
        await self._end_process()

    def _changed(self) -> tuple[str, ...]:
        """Which packages it has imported otherwise than they are by now."""
        is_as_before = self._version() == self._imported_version
        return () if is_as_before else self._preparation.changing

    def _version(self) -> int:
        sources = self._preparation.sources
        return sources.version() if sources else 0

    def _begin(self) -> None:
        self._imported_version = self._version()
        loop = asyncio.get_running_loop()
        self._started = loop.create_future()
        self._control, theirs = socket.socketpair()
        self._control.setblocking(False)
        with theirs:
            self._process = self._spawn(theirs)
        loop.add_reader(self._control, self._read)
        self._send(as_line(preparation_as_json(self._preparation)))

    async def _imported(self) -> None:
        if self._started is not None:
            await self._started

    async def _end_process(self) -> None:
        if self._process is None:
            return
        loop = asyncio.get_running_loop()
        kill_at = loop.time() + STOP_SECONDS
        while self._process.poll() is None:
            if loop.time() > kill_at:
                self._process.kill()
            await asyncio.sleep(0.005)
        self._process = None

    def _spawn(self, theirs: socket.socket) -> subprocess.Popen[bytes]:
        # -I and -S: neither this machine's Python settings nor our own checkout leak in.
        arguments = ["-I", "-S", "-X", "utf8", str(PROGRAM), str(theirs.fileno()), str(os.getpid())]
        with open_log(self._log) as log:
            return subprocess.Popen(
                [sys.executable, *arguments],
                env=kept_variables(),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the launcher, which stops us in order
            )

    def _send(self, data: bytes, fd: int | None = None) -> None:
        if self._control is None:
            return
        try:
            # An order is far smaller than the socket's buffer; if it does not fit, nobody reads.
            sent = socket.send_fds(self._control, [data], [] if fd is None else [fd])
        except OSError:
            sent = 0
        if sent != len(data):
            self._lost()

    def _read(self) -> None:
        if self._control is None:
            return
        try:
            data = self._control.recv(65536)
        except BlockingIOError:
            return
        except ConnectionError:
            data = b""
        if not data:
            self._lost()
            return
        *lines, self._received = (self._received + data).split(b"\n")
        for line in lines:
            self._hear(json.loads(line))

    def _hear(self, words: dict[str, Any]) -> None:
        match words:
            case {"ready": _} if self._started is not None and not self._started.done():
                self._started.set_result(None)
            case {"failed": why} if self._started is not None and not self._started.done():
                self._started.set_exception(ForkServerFailed(self._failure(why)))
            case {"forked": number, "pid": pid}:
                forked, on_exit = self._orders.pop(number)
                self._workers[pid] = on_exit
                if forked.cancelled():  # who ordered it did not wait
                    self.kill(pid)
                else:
                    forked.set_result(pid)
            case {"unforked": number, "why": why}:
                forked, _ = self._orders.pop(number)
                if not forked.done():
                    forked.set_exception(ForkServerFailed(self._failure(why)))
            case {"exited": pid, "status": status}:
                self._workers.pop(pid)(status)

    def _lost(self) -> None:
        self._hang_up()
        failure = ForkServerFailed(self._failure("ended unexpectedly"))
        if self._started is not None and not self._started.done():
            self._started.set_exception(failure)

    def _hang_up(self) -> None:
        if self._control is None:
            return
        asyncio.get_running_loop().remove_reader(self._control)
        self._control.close()
        self._control = None
        self._received = b""
        orders, self._orders = self._orders, {}
        for forked, _ in orders.values():
            if not forked.done():
                forked.set_exception(ForkServerFailed(self._failure("ended unexpectedly")))
        workers, self._workers = self._workers, {}
        for on_exit in workers.values():
            on_exit(KILLED)

    def _failure(self, why: str) -> str:
        return f"The {self._preparation.label} fork server: {why.strip()}\n(its log: {self._log})"


def as_line(words: Mapping[str, Any]) -> bytes:
    return json.dumps(words).encode() + b"\n"


def kept_variables() -> dict[str, str]:
    """All a function ever sees of this process's environment."""
    return {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}


def preparation_as_json(preparation: Preparation) -> dict[str, Any]:
    paths = sysconfig.get_paths()
    return {
        "path": [str(part) for part in preparation.path],
        "preload": list(preparation.preload()),
        "site_packages": list(dict.fromkeys([paths["purelib"], paths["platlib"]])),
        "only": sorted(runtime_modules()) if preparation.bare else None,
    }


def runtime_modules() -> set[str]:
    """The top-level modules that awslambdaric and its dependencies consist of."""
    names: set[str] = set()
    for distribution in ("awslambdaric", "simplejson", "snapshot-restore-py"):
        for file in metadata.files(distribution) or ():
            if len(file.parts) > 1 and not file.parts[0].endswith((".dist-info", "..")):
                names.add(file.parts[0])
            elif len(file.parts) == 1 and file.suffix in {".py", ".so"}:
                names.add(file.name.partition(".")[0])
    return names
