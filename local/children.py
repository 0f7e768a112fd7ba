"""A child process that is started again when it ends, and ends when we do."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.plane import tether

GRACE_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """`module` is run as `python -m module`; what it prints goes to `log`."""

    module: str
    environment: Mapping[str, str]
    log: Path

    async def keep_running(self) -> None:
        pause = 0.5
        while True:
            started = asyncio.get_running_loop().time()
            await self._run_once()
            lived = asyncio.get_running_loop().time() - started
            pause = 0.5 if lived > 30 else min(pause * 2, LONGEST_PAUSE_SECONDS)
            await asyncio.sleep(pause)

    async def _run_once(self) -> None:
        with self.log.open("ab") as log:
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
            await process.wait()
        except asyncio.CancelledError:
            await _end(process)
            raise


def _tethered() -> tuple[str, ...]:
    """It gets SIGTERM when this process is gone, however that happens."""
    farewell = str(int(signal.SIGTERM))
    return (sys.executable, "-I", "-S", "-B", tether.__file__, farewell, str(os.getpid()), "-")


async def _end(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), GRACE_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()
