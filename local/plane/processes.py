"""Processes as children of ours: started, watched while they come up, ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from local.plane import tether
from local.plane.failures import PlaneFailed, why_it_ended

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from local.plane.ground import SystemUser

START_SECONDS = 60.0  # recovery after a crash, or a long append-only file
STOP_SECONDS = 10.0
TOOL_SECONDS = 120.0
POLL_SECONDS = 0.01
LOG_LIMIT_BYTES = 5 * 2**20
LINES_SHOWN = 10


class Launcher:
    """Starts everything from one thread that lives as long as it does.

    The kernel tells a child of the end of the *thread* that made it, so a passing thread would
    take the servers with it.
    """

    def __init__(self, account: SystemUser | None) -> None:
        self._account = f"{account.uid}:{account.gid}" if account else "-"
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="plane-launcher")

    def start(
        self,
        command: Sequence[str | Path],
        *,
        folder: Path,
        log: IO[bytes],
        farewell: signal.Signals,
        environment: Mapping[str, str] | None = None,
        stdin: int = subprocess.DEVNULL,
    ) -> subprocess.Popen[bytes]:
        tethered = [
            *(sys.executable, "-I", "-S", "-B", tether.__file__),
            *(str(int(farewell)), str(os.getpid()), self._account),
            *map(str, command),
        ]
        start = self._thread.submit(
            subprocess.Popen,
            tethered,
            cwd=folder,
            stdin=stdin,
            stdout=log,
            stderr=log,
            # Servers learn nothing of our environment, which holds tokens.
            env={"LC_ALL": "C", "PATH": os.defpath, **(environment or {})},
            start_new_session=True,  # Ctrl-C reaches the launcher alone, who stops in order
        )
        return start.result()

    def close(self) -> None:
        self._thread.shutdown()


class ServerProcess:
    """One server: its log, its working folder, its end."""

    def __init__(
        self, name: str, *, launcher: Launcher, logs: Path, farewell: signal.Signals
    ) -> None:
        self.name = name
        self.log = logs / f"{name}.log"
        self._launcher = launcher
        self._farewell = farewell
        self._process: subprocess.Popen[bytes] | None = None
        self._log_start = 0

    @property
    def pid(self) -> int | None:
        """None when it does not run."""
        if self._process is None or self._process.poll() is not None:
            return None
        return self._process.pid

    @property
    def has_died(self) -> bool:
        """Whether it was launched and ended without being asked to."""
        return self._process is not None and self._process.poll() is not None

    def launch(self, command: Sequence[str | Path], folder: Path) -> None:
        with self._open_log() as log:
            self._process = self._launcher.start(
                command, folder=folder, log=log, farewell=self._farewell
            )

    def run_tool(
        self,
        command: Sequence[str | Path],
        *,
        folder: Path,
        words: str = "",
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """A program of the same server that ends by itself; `words` go to its standard input."""
        with self._open_log() as log:
            tool = self._launcher.start(
                command,
                folder=folder,
                log=log,
                farewell=signal.SIGTERM,
                environment=environment,
                stdin=subprocess.PIPE,
            )
        try:
            tool.communicate(words.encode(), timeout=TOOL_SECONDS)
        except subprocess.TimeoutExpired:
            raise PlaneFailed(
                f"{self.name}: {Path(command[0]).name} did not end within {TOOL_SECONDS:.0f} s."
            ) from None
        finally:
            if tool.poll() is None:
                end(tool, signal.SIGTERM)
        if tool.returncode:
            raise why_it_ended(self.name, tool.returncode, self.last_lines(), self.log)

    def wait_until(self, is_ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not is_ready():
            self.ensure_runs()
            if time.monotonic() > deadline:
                raise PlaneFailed(
                    f"{self.name} did not answer within {START_SECONDS:.0f} s. {self.quote_log()}"
                )
            time.sleep(POLL_SECONDS)

    def ensure_runs(self) -> None:
        if self._process is not None and self._process.poll() is not None:
            raise why_it_ended(self.name, self._process.returncode, self.last_lines(), self.log)

    def quote_log(self) -> str:
        return "\n  ".join((f"{self.log} ends with:", *self.last_lines()))

    def last_lines(self) -> list[str]:
        """What it said since it was started."""
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            return log.read().decode(errors="replace").splitlines()[-LINES_SHOWN:]

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            end(process, self._farewell)

    def _open_log(self) -> IO[bytes]:
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        # Appended to by everybody who holds it, so it may be rotated by hand as well.
        log = os.fdopen(os.open(self.log, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "ab")
        self._log_start = log.seek(0, os.SEEK_END)
        return log


def end(process: subprocess.Popen[bytes], farewell: signal.Signals) -> None:
    process.send_signal(farewell)
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_SECONDS)
        return
    process.kill()
    process.wait()
