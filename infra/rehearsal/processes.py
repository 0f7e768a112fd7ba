"""Programs that the rehearsal starts, each with its log; all end with it, by their own ids."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from infra.rehearsal.progress import RehearsalFailed

END_SECONDS = 20
LOOK_SECONDS = 0.1
MOST_TOLD = 1_500


class Running:
    """One program, in a session of its own: what it starts ends with it."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        logs: Path,
        environment: Mapping[str, str],
        folder: Path,
        user: int | None = None,
    ) -> None:
        self.name = name
        self.log = logs / f"{name}.log"
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                command,
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=user,
                group=user,
                extra_groups=None if user is None else [],
            )

    def wait_until(self, is_there: Callable[[], bool], seconds: float, what: str) -> None:
        """Raises RehearsalFailed where it ended, or `what` did not come in time."""
        until = time.monotonic() + seconds
        while not is_there():
            if self._process.poll() is not None:
                raise RehearsalFailed(f"{self.name} ended: {tail(self.log)}")
            if time.monotonic() > until:
                raise RehearsalFailed(f"{what} did not come within {seconds:g} s ({self.log.name})")
            time.sleep(LOOK_SECONDS)

    def wait(self, seconds: float) -> int:
        """Its exit code. Raises RehearsalFailed where it takes too long."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            why = f"it took more than {seconds:g} s: {tail(self.log)}"
            raise RehearsalFailed(why) from None

    def stop(self) -> int:
        """Ends it and waits; what it left in its session is killed. Returns its exit code."""
        self._process.terminate()
        try:
            code = self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        return code


def run_to_end(
    name: str,
    command: Sequence[str],
    *,
    logs: Path,
    environment: Mapping[str, str],
    folder: Path,
    seconds: float,
) -> str:
    """All that it said. Raises RehearsalFailed where it fails or takes too long."""
    running = Running(name, command, logs=logs, environment=environment, folder=folder)
    try:
        code = running.wait(seconds)
    finally:
        running.stop()
    if code:
        raise RehearsalFailed(f"it ended with {code} ({running.log.name}): {tail(running.log)}")
    return running.log.read_text(errors="replace")


def tail(log: Path) -> str:
    return log.read_text(errors="replace").strip()[-MOST_TOLD:]
