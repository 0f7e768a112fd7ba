"""Invocations nobody waits for: tried again, and given up after a number of tries or an age."""

from __future__ import annotations

import asyncio
import json
import time

from local.lambda_service.contract import InvokeAnswer
from local.lambda_service.pool import FunctionCall, WorkerPool

# A throttled event was not tried: it comes back soon at first, then at most every ten seconds.
FIRST_THROTTLE_SECONDS = 0.2
LONGEST_THROTTLE_SECONDS = 10.0


class AsyncInvokes:
    """Held in memory only: what is still waiting when the service stops is dropped, and said."""

    def __init__(self) -> None:
        self._tasks: dict[asyncio.Task[None], tuple[WorkerPool, FunctionCall]] = {}

    def begin(self, pool: WorkerPool, call: FunctionCall) -> None:
        task = asyncio.create_task(self._deliver(pool, call))
        self._tasks[task] = (pool, call)
        task.add_done_callback(self._tasks.pop)

    async def stop(self) -> None:
        for task, (pool, call) in list(self._tasks.items()):
            task.cancel()
            pool.log.write(f"ASYNC RequestId: {call.request_id} Dropped at shutdown\n".encode())
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _deliver(self, pool: WorkerPool, call: FunctionCall) -> None:
        function = pool.function
        give_up_at = time.monotonic() + function.maximum_age_seconds
        tries = 0
        throttle_seconds = FIRST_THROTTLE_SECONDS
        while True:
            last = await pool.run(call)
            if last.status == 429:
                wait_seconds = throttle_seconds
                throttle_seconds = min(throttle_seconds * 2, LONGEST_THROTTLE_SECONDS)
            elif last.function_error is None:
                return
            else:
                tries += 1
                wait_seconds = function.retry_after_seconds * tries
            if tries > function.retries or time.monotonic() + wait_seconds > give_up_at:
                give_up(pool, call, last, tries)
                return
            await asyncio.sleep(wait_seconds)


def give_up(pool: WorkerPool, call: FunctionCall, last: InvokeAnswer, tries: int) -> None:
    why = "throttled" if last.status == 429 else json.loads(last.payload).get("errorType")
    pool.log.write(
        f"ASYNC RequestId: {call.request_id} Gave up after {tries} tries: {why}\n".encode()
    )
    if pool.function.on_failure is not None:
        pool.function.on_failure(call.payload, last)
