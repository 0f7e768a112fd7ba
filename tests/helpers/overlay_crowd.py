"""Many pages' sockets in a process of their own, which measures its own lag: what it is told on
standard input, a JSON object a line, it answers in the same way.

    {"open": [[group, address], …]}   → {"open": how many}
    {"await": how many frames}        → {"frames": {"group:n": [moments]}, "texts": {"group:n": …},
                                         "lag_ms": its 99th percentile}, then begins anew

Moments are of the monotonic clock, which all processes of a machine share.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

OPENING_AT_ONCE = 10
TICK_SECONDS = 0.01
PATIENCE_SECONDS = 60.0


@dataclass(slots=True, kw_only=True)
class Crowd:
    moments: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    texts: dict[str, str] = field(default_factory=dict)
    lags: list[float] = field(default_factory=list)
    count: int = 0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(OPENING_AT_ONCE))

    async def live(self) -> None:
        self._begin(self._feel())
        while line := await asyncio.to_thread(sys.stdin.readline):
            told = json.loads(line)
            answer = await (self._open(told) if "open" in told else self._await(told["await"]))
            print(json.dumps(answer), flush=True)

    async def _open(self, told: dict[str, Any]) -> dict[str, Any]:
        opened = await asyncio.gather(*(self._one(*one) for one in told["open"]))
        return {"open": sum(opened)}

    async def _one(self, group: int, address: str) -> bool:
        async with self._turn:
            socket = await connect(address, open_timeout=60, compression=None, ping_interval=None)
        self._begin(self._read(group, socket))
        return True

    async def _read(self, group: int, socket: ClientConnection) -> None:
        async for text in socket:
            name = f"{group}:{json.loads(text)['n']}"
            self.moments[name].append(time.monotonic())
            self.texts[name] = str(text)
            self.count += 1

    async def _feel(self) -> None:
        while True:
            began = time.monotonic()
            await asyncio.sleep(TICK_SECONDS)
            self.lags.append(time.monotonic() - began - TICK_SECONDS)

    async def _await(self, many: int) -> dict[str, Any]:
        until = time.monotonic() + PATIENCE_SECONDS
        while self.count < many and time.monotonic() < until:  # noqa: ASYNC110 - looked at, then told
            await asyncio.sleep(0.02)
        told = {
            "frames": dict(self.moments),
            "texts": dict(self.texts),
            "lag_ms": 1000 * sorted(self.lags)[int(len(self.lags) * 0.99)],
        }
        self.moments.clear()
        self.texts.clear()
        self.lags.clear()
        self.count = 0
        return told

    def _begin(self, coroutine: Any) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clients:
    """The crowd, seen from the test."""

    process: subprocess.Popen[str]

    def open(self, addresses: Sequence[tuple[int, str]]) -> int:
        opened: int = self._ask({"open": addresses})["open"]
        return opened

    def frames(self, many: int) -> dict[str, Any]:
        """What came since the last time, once so many are there or a minute is over."""
        return self._ask({"await": many})

    def _ask(self, what: dict[str, Any]) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer


@contextmanager
def clients() -> Iterator[Clients]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.helpers.overlay_crowd"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Clients(process=process)
        finally:
            process.kill()


if __name__ == "__main__":
    asyncio.run(Crowd().live())
