"""One worker process of a function: it starts, runs one event at a time, and is killed."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from local.lambda_service.contract import REGION, VERSION, LocalFunction
from local.lambda_service.fork_server import ForkServer, WorkerOrder, kept_variables
from local.lambda_service.log import FunctionLog, Output
from local.lambda_service.runtime_api import RuntimeApi, WorkerAnswer, WorkerEvent, error_answer

INIT_SECONDS = 10.0
# From an answer to the next poll a worker needs a fraction of a millisecond.
POLL_SECONDS = 1.0
MEMORY_EVERY_SECONDS = 1.0


class InitFailed(Exception):
    """The worker never became ready; `answer` is what its caller gets."""

    def __init__(self, answer: WorkerAnswer, log_tail: bytes) -> None:
        super().__init__(answer.payload.decode(errors="replace"))
        self.answer = answer
        self.log_tail = log_tail


class InitTimedOut(Exception):
    """It was still importing after the time it had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    answer: WorkerAnswer
    log_tail: bytes


class Worker:
    """`became_ready`, `answered` and `failed_to_start` are what its Runtime API calls."""

    def __init__(
        self,
        function: LocalFunction,
        fork_server: ForkServer,
        log: FunctionLog,
        *,
        code_version: int | None,
    ) -> None:
        self._function = function
        self._fork_server = fork_server
        self._output = Output(log)
        self._runtime = RuntimeApi(self)
        self._pid = 0
        self._init_ms: float | None = None
        self._ready: asyncio.Future[WorkerAnswer | None] | None = None
        self._outcome: asyncio.Future[WorkerAnswer] | None = None
        self._event: WorkerEvent | None = None
        self._memory = MemoryUse()
        self._on_death: Callable[[], None] | None = None
        self.code_version = code_version
        self.is_alive = True
        self.idle_since = 0.0

    async def start(
        self, request_id: str, *, limit_seconds: float, on_death: Callable[[], None]
    ) -> None:
        """Returns when it waits for its first event. Raises InitFailed or InitTimedOut."""
        self._on_death = on_death
        began = time.perf_counter()
        self._ready = asyncio.get_running_loop().create_future()
        try:
            failure = await asyncio.wait_for(self._first_poll(), limit_seconds)
        except TimeoutError:
            self._say_init(began, "timeout")
            self.kill()
            raise InitTimedOut from None
        except BaseException:
            self.kill()
            raise
        if failure is not None:
            self._output.drain()
            self._say_init(began, "error")
            tail = self._output.take_tail()
            self.kill()
            raise InitFailed(named(failure, request_id), tail)
        self._init_ms = (time.perf_counter() - began) * 1000

    async def is_ready(self) -> bool:
        """Whether it can take an event; one that has just answered is given time to poll."""
        if self._runtime.is_ready:
            return True
        if not self.is_alive:
            return False
        self._ready = asyncio.get_running_loop().create_future()
        try:
            await asyncio.wait_for(self._ready, POLL_SECONDS)
        except TimeoutError:
            self.kill()
        return self.is_alive and self._runtime.is_ready

    async def run(self, event: WorkerEvent) -> Ran:
        """The answer to the event; at its deadline the process group is killed."""
        loop = asyncio.get_running_loop()
        self._outcome = loop.create_future()
        self._event = event
        self._output.drain()
        self._output.say(f"START RequestId: {event.request_id} Version: {VERSION}\n")
        began = time.perf_counter()
        deadline = loop.call_later(self._function.timeout_seconds, self._time_out)
        if self._runtime.is_ready:
            self._runtime.hand_over(event)
        else:  # it ended between its poll and this moment
            settle(self._outcome, named(exit_answer(0), event.request_id))
        try:
            answer = await self._outcome
        finally:
            deadline.cancel()
        self._output.drain()
        self._report(event, (time.perf_counter() - began) * 1000)
        self._event = None
        return Ran(answer=answer, log_tail=self._output.take_tail())

    def hold(self) -> None:
        """It hangs from now on; only its deadline ends it."""
        os.kill(self._pid, signal.SIGSTOP)

    def kill(self) -> None:
        """Ends the process and all it started; what it still says is not heard."""
        if self._pid:
            self._fork_server.kill(self._pid)
        self._die()

    # what the Runtime API calls

    def became_ready(self) -> None:
        settle(self._ready, None)

    def answered(self, answer: WorkerAnswer) -> None:
        settle(self._outcome, answer)

    def failed_to_start(self, error: bytes) -> None:
        settle(self._ready, WorkerAnswer(payload=error, is_error=True))

    async def _first_poll(self) -> WorkerAnswer | None:
        try:
            order = WorkerOrder(
                handler=self._function.handler,
                environment=worker_environment(self._function, await self._runtime.start()),
                path=self._function.python_path,
                memory_mb=self._function.memory_mb if self._function.isolated else None,
                kept=self._function.isolated,
            )
            self._pid = await self._fork_server.fork(order, self._output.writing, self._exited)
        finally:
            os.close(self._output.writing)
        assert self._ready is not None  # noqa: S101 (narrows for the type checker)
        return await self._ready

    def _exited(self, status: int) -> None:
        if self.is_alive:
            self._output.drain()
            ended = exit_answer(status)
            settle(self._ready, ended)
            if self._event is not None:
                settle(self._outcome, named(ended, self._event.request_id))
        self._pid = 0
        self._die()

    def _time_out(self) -> None:
        if self._event is None:
            return
        said = f"Task timed out after {self._function.timeout_seconds:.2f} seconds"
        request_id = self._event.request_id
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]
        self._output.drain()
        self._output.say(f"{now}Z {request_id} {said}\n\n")
        settle(self._outcome, named(error_answer("Sandbox.Timedout", said), request_id))
        self.kill()

    def _die(self) -> None:
        if not self.is_alive:
            return
        self.is_alive = False
        self._runtime.close()
        # The caller of `run` still writes END and REPORT; the pipe is closed after it.
        asyncio.get_running_loop().call_soon(self._output.close)
        if self._on_death is not None:
            self._on_death()

    def _report(self, event: WorkerEvent, took_ms: float) -> None:
        init = "" if self._init_ms is None else f"\tInit Duration: {self._init_ms:.2f} ms"
        self._init_ms = None
        self._output.say(
            f"END RequestId: {event.request_id}\n"
            f"REPORT RequestId: {event.request_id}\tDuration: {took_ms:.2f} ms"
            f"\tBilled Duration: {int(took_ms) + 1} ms\tMemory Size: {self._function.memory_mb} MB"
            f"\tMax Memory Used: {self._memory.peak_mb(self._pid)} MB{init}\n"
        )

    def _say_init(self, began: float, status: str) -> None:
        took_ms = (time.perf_counter() - began) * 1000
        self._output.say(
            f"INIT_REPORT Init Duration: {took_ms:.2f} ms\tPhase: init\tStatus: {status}\n"
        )


class MemoryUse:
    """The most memory a process has held, looked up at most once a second."""

    def __init__(self) -> None:
        self._peak_mb = 0
        self._looked_at = 0.0

    def peak_mb(self, pid: int) -> int:
        now = time.monotonic()
        if pid and now - self._looked_at > MEMORY_EVERY_SECONDS:
            self._looked_at = now
            self._peak_mb = max(self._peak_mb, high_water_mb(pid))
        return self._peak_mb


def high_water_mb(pid: int) -> int:
    try:
        with Path(f"/proc/{pid}/status").open(encoding="ascii") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) // 1024
    except OSError:
        return 0
    return 0


Value = TypeVar("Value")


def settle(future: asyncio.Future[Value] | None, value: Value) -> None:
    if future is not None and not future.done():
        future.set_result(value)


def exit_answer(status: int) -> WorkerAnswer:
    if status == 0:
        reason = "without providing a reason"
    elif status < 0:
        reason = f"with error: signal: {signal_name(-status)}"
    else:
        reason = f"with error: exit status {status}"
    return error_answer("Runtime.ExitError", f"Runtime exited {reason}")


def signal_name(number: int) -> str:
    return (signal.strsignal(number) or str(number)).lower()


def named(answer: WorkerAnswer, request_id: str) -> WorkerAnswer:
    """The platform's own errors name the request; the runtime's speak for themselves."""
    error = json.loads(answer.payload)
    if "requestId" in error:
        return answer
    return error_answer(
        error["errorType"], f"RequestId: {request_id} Error: {error['errorMessage']}"
    )


def worker_environment(function: LocalFunction, runtime_api: str) -> dict[str, str]:
    """The machine's few, the account's, the function's own, then the runtime's, which win."""
    major, minor = sys.version_info[:2]
    return {
        **kept_variables(),
        "TZ": ":UTC",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_SESSION_TOKEN": "local",
        **function.environment,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_python{major}.{minor}",
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": VERSION,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": "local",
        "AWS_LAMBDA_RUNTIME_API": runtime_api,
        "LAMBDA_TASK_ROOT": str(function.python_path[0]),
        "_HANDLER": function.handler,
    }
