"""The workers of one function: as many as are called for, up to its concurrency."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from dataclasses import dataclass

from local.lambda_service.contract import InvokeAnswer, LocalFunction
from local.lambda_service.fork_server import ForkServer, ForkServerFailed
from local.lambda_service.log import FunctionLog
from local.lambda_service.reload import Sources
from local.lambda_service.runtime_api import WorkerAnswer, WorkerEvent, error_answer
from local.lambda_service.worker import INIT_SECONDS, InitFailed, InitTimedOut, Ran, Worker, named

IDLE_SECONDS = 5 * 60.0
THROTTLED = json.dumps(
    {
        "Reason": "ReservedFunctionConcurrentInvocationLimitExceeded",
        "Type": "User",
        "message": "Rate Exceeded.",
    }
).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionCall:
    """One call of a function; `arn` is the name it was called by."""

    request_id: str
    payload: bytes
    arn: str
    client_context: str | None = None


class WorkerPool:
    def __init__(
        self,
        function: LocalFunction,
        fork_server: ForkServer,
        log: FunctionLog,
        sources: Sources | None,
    ) -> None:
        self.function = function
        self.log = log
        self._fork_server = fork_server
        self._sources = sources
        self._code_version = None if sources is None else sources.version()
        self._idle: list[Worker] = []
        self._workers: set[Worker] = set()
        self._busy = 0
        self._holds_next = False

    def change(self, function: LocalFunction) -> None:
        """From its next call on; a call under way goes on as it began."""
        self.function = function

    async def warm(self) -> None:
        """Brings up as many workers as are to be kept; one that cannot start has said why."""
        missing = self.function.warm - len(self._workers)
        await asyncio.gather(*(self._start_idle() for _ in range(missing)))

    async def run(self, call: FunctionCall) -> InvokeAnswer:
        """Runs the function once, on an idle worker if there is one."""
        if self._busy >= self.function.concurrency:
            return throttled(call)
        self._busy += 1
        try:
            return invocation(call, await self._run(call))
        finally:
            self._busy -= 1

    def hold_next(self) -> None:
        """The next event meets a worker that hangs."""
        self._holds_next = True

    def retire_idle(self, now: float) -> None:
        """Ends workers without work for five minutes, all but one and those kept warm."""
        kept = max(1, self.function.warm)
        while len(self._idle) > kept and now - self._idle[0].idle_since > IDLE_SECONDS:
            self._idle.pop(0).kill()

    def stop(self) -> None:
        for worker in list(self._workers):
            worker.kill()

    async def _run(self, call: FunctionCall) -> Ran:
        try:
            worker = await self._ready_worker(call.request_id)
        except InitFailed as failed:
            return Ran(answer=failed.answer, log_tail=failed.log_tail)
        except InitTimedOut:
            said = f"Task timed out after {self.function.timeout_seconds:.2f} seconds"
            return failure(named(error_answer("Sandbox.Timedout", said), call.request_id))
        except (ForkServerFailed, OSError) as failed:  # OSError: out of files or processes
            self.log.write(f"{failed}\n".encode())
            return failure(error_answer("Runtime.Unknown", str(failed)))
        if self._holds_next:
            self._holds_next = False
            worker.hold()
        ran = await worker.run(self._event(call))
        if self.function.isolated:
            worker.kill()  # a stranger's code leaves nothing behind its call, itself included
        elif worker.is_alive:
            self._keep(worker)
        return ran

    async def _ready_worker(self, request_id: str) -> Worker:
        self._let_go_of_old_code()
        while self._idle:
            worker = self._idle.pop()  # the last one used, so that the others may grow old
            if await worker.is_ready():
                return worker
        try:
            return await self._start(request_id, INIT_SECONDS)
        except InitTimedOut:
            # Lambda's second attempt is part of the invocation, under the function's timeout.
            return await self._start(request_id, self.function.timeout_seconds)

    async def _start(self, request_id: str, limit_seconds: float) -> Worker:
        worker = Worker(self.function, self._fork_server, self.log, code_version=self._code_version)
        self._workers.add(worker)
        await worker.start(
            request_id,
            limit_seconds=limit_seconds,
            on_death=lambda: self._forget(worker),
        )
        return worker

    async def _start_idle(self) -> None:
        try:
            self._keep(await self._start(str(uuid.uuid4()), INIT_SECONDS))
        except InitFailed as failed:
            self.log.write(f"Could not start {self.function.name}: {failed}\n".encode())
        except InitTimedOut:
            self.log.write(f"Could not start {self.function.name} within 10 s\n".encode())

    def _keep(self, worker: Worker) -> None:
        worker.idle_since = time.monotonic()
        self._idle.append(worker)

    def _forget(self, worker: Worker) -> None:
        self._workers.discard(worker)
        if worker in self._idle:
            self._idle.remove(worker)

    def _let_go_of_old_code(self) -> None:
        if self._sources is None:
            return
        self._code_version = self._sources.version()
        for worker in list(self._idle):
            if worker.code_version != self._code_version:
                worker.kill()

    def _event(self, call: FunctionCall) -> WorkerEvent:
        now = time.time()
        return WorkerEvent(
            request_id=call.request_id,
            payload=call.payload,
            deadline_ms=int((now + self.function.timeout_seconds) * 1000),
            arn=call.arn,
            trace_id=f"Root=1-{int(now):08x}-{call.request_id.replace('-', '')[:24]};Sampled=0",
            client_context=call.client_context,
        )


def failure(answer: WorkerAnswer) -> Ran:
    return Ran(answer=answer, log_tail=b"")


def throttled(call: FunctionCall) -> InvokeAnswer:
    return InvokeAnswer(
        status=429,
        request_id=call.request_id,
        payload=THROTTLED,
        error_type="TooManyRequestsException",
    )


def invocation(call: FunctionCall, ran: Ran) -> InvokeAnswer:
    return InvokeAnswer(
        status=200,
        request_id=call.request_id,
        payload=ran.answer.payload,
        function_error="Unhandled" if ran.answer.is_error else None,
        log_tail=ran.log_tail,
    )
