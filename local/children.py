"""A child process that is started again when it ends, and ends when we do."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from local.lambda_service.log import open_log
from local.plane import tether

GRACE_SECONDS = 5.0
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.2, 10.0
WELL_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """`module` is run as `python -m module`; what it prints goes to `log`.

    `say(part, seconds, words)` tells of an end that nobody asked for, and after how long.
    """

    module: str
    environment: Mapping[str, str]
    log: Path
    say: Callable[[str, float, str], None]

    async def keep_running(self) -> None:
        pause = FIRST_PAUSE_SECONDS
        while True:
            started = asyncio.get_running_loop().time()
            try:
                end = f"ended (code {await self._run_once()}); starts again, its log: {self.log}"
            except OSError as error:  # no process, no memory, no room for its log
                end = f"could not start: {error}; it is tried again"
            lived = asyncio.get_running_loop().time() - started
            pause = FIRST_PAUSE_SECONDS if lived > WELL_SECONDS else pause
            self.say(self.module, lived, end)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def _run_once(self) -> int:
        with open_log(self.log) as log:
            process = await asyncio.create_subprocess_exec(
                *_tethered(),
                sys.executable,
                "-m",
                self.module,
                env=dict(self.environment),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            return await process.wait()
        except asyncio.CancelledError:
            await _end(process)
            raise


def _tethered() -> tuple[str, ...]:
    """It is killed when this process is gone, however that happens: so are its servers."""
    farewell = str(int(signal.SIGKILL))
    return (sys.executable, "-I", "-S", "-B", tether.__file__, farewell, str(os.getpid()), "-")


async def _end(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), GRACE_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()
