"""The service: functions by name, their pools, the fork servers, and the Invoke API before them."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

from local.lambda_service.async_invokes import AsyncInvokes
from local.lambda_service.contract import (
    ASYNC_PAYLOAD_LIMIT,
    PAYLOAD_LIMIT,
    InvokeAnswer,
    LocalFunction,
    function_arn,
)
from local.lambda_service.fork_server import ForkServer, Preparation
from local.lambda_service.invoke_api import InvokeApi
from local.lambda_service.log import FunctionLog, LogTrouble
from local.lambda_service.pool import FunctionCall, WorkerPool
from local.lambda_service.refusals import CallRefused, checked_json, too_large, without_arn
from local.lambda_service.reload import Sources, package_of, packages_in
from waddlebot.runtime.needs import LIVE

RETIRE_EVERY_SECONDS = 30.0
QUALIFIERS = frozenset({"", "$LATEST", LIVE})
"""What a function may be called by: there is one alias, and here it means the code as it lies."""


class LambdaService:
    """Runs inside the caller's event loop; the functions run in processes of their own.

    `logs` gets one file a function and one a fork server. `preload` names the modules a fork
    server imports once, as SnapStart would have them, and is asked whenever one starts; one that
    cannot be imported is left out. `isolated_preload` are those of isolated functions, from what
    is on all their paths. With `reload`, a function whose sources
    changed, or those of what was preloaded for it from its layers, gets a new worker for its
    next event. `port` 0 takes any free one. `complain` is told in a sentence where logs cannot
    be written.
    """

    def __init__(
        self,
        functions: Sequence[LocalFunction],
        *,
        logs: Path,
        port: int = 0,
        preload: Callable[[], Sequence[str]] = tuple,
        isolated_preload: Sequence[str] = (),
        reload: bool = False,
        complain: Callable[[str], object] = print,
    ) -> None:
        self.url = ""
        self._functions = {function.name: function for function in functions}
        self._logs = logs
        self._port = port
        self._preload = preload
        self._isolated_preload = tuple(isolated_preload)
        self._reload = reload
        self._sources: dict[tuple[Path, ...], Sources] = {}
        self._pools: dict[str, WorkerPool] = {}
        self._gone: list[WorkerPool] = []
        self._fork_servers: list[ForkServer] = []
        self._log_trouble = LogTrouble(complain)
        self._later = AsyncInvokes()
        self._running: set[asyncio.Task[InvokeAnswer]] = set()
        self._api = InvokeApi(self)
        self._retiring: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Returns when the warm workers wait for events and `url` answers.

        Raises ForkServerFailed when something of `preload` starts a thread, OSError when the
        port is taken. A function that cannot be imported fails when it is called, as on Lambda.
        """
        self._logs.mkdir(parents=True, exist_ok=True)
        try:
            self._make_pools()
            await asyncio.gather(*(server.start() for server in self._fork_servers))
            await asyncio.gather(*(pool.warm() for pool in self._pools.values()))
            self.url = f"http://127.0.0.1:{await self._api.start(self._port)}"
        except BaseException:
            await self.stop()
            raise
        self._retiring = asyncio.create_task(self._retire_idle())

    async def stop(self) -> None:
        """Ends every process; what was running or waiting to run again is dropped."""
        self._api.close()
        if self._retiring is not None:
            self._retiring.cancel()
        await self._later.stop()
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        for pool in self._pools.values():
            pool.stop()
        await asyncio.gather(*(server.stop() for server in self._fork_servers))
        await asyncio.sleep(0)  # the last output is taken in by callbacks
        for pool in (*self._pools.values(), *self._gone):
            pool.log.close()
        self._pools.clear()
        self._fork_servers.clear()

    def put(self, function: LocalFunction) -> None:
        """An isolated function that is new, or whose next call runs other code."""
        known = self._pools.get(function.name)
        if known is not None:
            known.change(function)
            return
        self._functions[function.name] = function
        self._pools[function.name] = self._pool(function)
        if self._bare not in self._fork_servers:  # it starts with its first order
            self._fork_servers.append(self._bare)

    def remove(self, name: str) -> None:
        """It is not there any more, and its calls end. One that is not known is gone already."""
        self._functions.pop(name, None)
        pool = self._pools.pop(name, None)
        if pool is not None:
            pool.stop()
            self._gone.append(pool)

    def hold(self, name: str) -> None:
        """Makes this function hang on its next event, to see what people see then."""
        self._pools[name].hold_next()

    async def invoke(
        self,
        name: str,
        payload: bytes,
        *,
        client_context: str | None = None,
        timeout_seconds: float | None = None,
    ) -> InvokeAnswer:
        """One call, waited for. `name` may be an ARN or carry a qualifier; `client_context` is
        JSON text. Raises TimeoutError after `timeout_seconds`, when given: the function goes on.
        """
        try:
            running = self.begin(name, payload, client_context=client_context)
        except CallRefused as refused:
            return refused.invocation
        if timeout_seconds is None:
            return await asyncio.shield(running)
        return await asyncio.wait_for(asyncio.shield(running), timeout_seconds)

    async def invoke_later(
        self, name: str, payload: bytes, *, client_context: str | None = None
    ) -> InvokeAnswer:
        """One event nobody waits for: status 202, then tried as the function declares."""
        try:
            return self.begin_later(name, payload, client_context=client_context)
        except CallRefused as refused:
            return refused.invocation

    def begin(
        self, name: str, payload: bytes, *, client_context: str | None = None
    ) -> asyncio.Task[InvokeAnswer]:
        """The running call, which goes on when the caller leaves. Raises CallRefused."""
        pool, call = self.accept(name, payload, PAYLOAD_LIMIT, client_context=client_context)
        running = asyncio.create_task(pool.run(call))
        self._running.add(running)
        running.add_done_callback(self._running.discard)
        return running

    def begin_later(
        self, name: str, payload: bytes, *, client_context: str | None = None
    ) -> InvokeAnswer:
        """Takes an event over. Raises CallRefused."""
        pool, call = self.accept(name, payload, ASYNC_PAYLOAD_LIMIT, client_context=client_context)
        self._later.begin(pool, call)
        return InvokeAnswer(status=202, request_id=call.request_id)

    def accept(
        self, name: str, payload: bytes, limit: int, *, client_context: str | None = None
    ) -> tuple[WorkerPool, FunctionCall]:
        """The call and whose it is. Raises CallRefused with what AWS says of such a call."""
        plain, _, qualifier = without_arn(name).partition(":")
        pool = self._pools.get(plain)
        if pool is None or qualifier not in QUALIFIERS:
            raise CallRefused(
                404, "ResourceNotFoundException", f"Function not found: {function_arn(name)}"
            )
        if len(payload) > limit:
            raise too_large(limit)
        return pool, FunctionCall(
            request_id=str(uuid.uuid4()),
            payload=checked_json(payload),
            arn=f"{pool.function.arn}:{qualifier}" if qualifier else pool.function.arn,
            client_context=client_context,
        )

    def _make_pools(self) -> None:
        layers = self._layers(isolated=False)
        self._changing = packages_in(self._preload(), layers) if self._reload else ()
        self._ours = self._fork_server(
            Preparation(
                label="functions",
                preload=self._preload,
                path=layers,
                sources=self._sources_in(self._changing) if self._changing else None,
                changing=tuple(package.name for package in self._changing),
            )
        )
        self._bare = self._fork_server(
            Preparation(
                label="isolated",
                bare=True,
                preload=lambda: self._isolated_preload,
                path=self._layers(isolated=True),
            )
        )
        for name, function in self._functions.items():
            self._pools[name] = self._pool(function)
        kinds = {function.isolated for function in self._functions.values()}
        self._fork_servers = [
            server for server, kind in ((self._ours, False), (self._bare, True)) if kind in kinds
        ]

    def _pool(self, function: LocalFunction) -> WorkerPool:
        return WorkerPool(
            function,
            self._bare if function.isolated else self._ours,
            FunctionLog(self._logs / f"{function.name}.log", self._log_trouble),
            self._sources_of(function) if self._reload and not function.isolated else None,
        )

    def _sources_of(self, function: LocalFunction) -> Sources:
        """Its own, and what its workers are forked with."""
        return self._sources_in((package_of(function), *self._changing))

    def _sources_in(self, packages: tuple[Path, ...]) -> Sources:
        """One for all who ask: looking takes some milliseconds."""
        return self._sources.setdefault(packages, Sources(packages))

    def _fork_server(self, preparation: Preparation) -> ForkServer:
        return ForkServer(preparation, log=self._logs / f"fork-server-{preparation.label}.log")

    def _layers(self, *, isolated: bool) -> tuple[Path, ...]:
        """Where `preload` finds our own packages: every layer, but nobody's task root."""
        ours = (one for one in self._functions.values() if one.isolated is isolated)
        return tuple(dict.fromkeys(part for function in ours for part in function.python_path[1:]))

    async def _retire_idle(self) -> None:
        while True:
            await asyncio.sleep(RETIRE_EVERY_SECONDS)
            for pool in self._pools.values():
                pool.retire_idle(time.monotonic())
