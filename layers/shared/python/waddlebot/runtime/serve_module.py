"""The door of a first-party module: one call, one transaction, one effect (docs/delivery.md)."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Generic, TypeVar

from waddlebot.domain.errors import Refusal, Unavailable
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.logs import Logger, get_logger
from waddlebot.runtime.resources import Resources
from waddlebot.runtime.standard_logging import write_json_lines
from waddlebot.stores.effects import Effects
from waddlebot.stores.postgres import Connection
from waddlebot_sdk.calls import Call
from waddlebot_sdk.module import Module
from waddlebot_sdk.responses import Failed, to_wire

Tools = TypeVar("Tools")
Build = Callable[[Connection], Tools]
Wire = list[dict[str, Any]]

IDLE_SECONDS = 5
"""How long a transaction may lie about when its function froze in the middle of it."""


class TooLate(Exception):
    """The call's deadline passed: what was reported as failed must not have happened."""


def serve_module(module: Module[Tools], build: Build[Tools]) -> ModuleDoor[Tools]:
    """`handler = serve_module(MODULE, build=Memories)`; `build` makes the tools of one call."""
    return ModuleDoor(module, build)


class ModuleDoor(Generic[Tools]):
    """The handler. Its input is a call of the public contract, or a request about personal data:

        {"personal_data": {"verb": "export"|"erase", "community_id", "platform", "user_id"}}

    It answers a call with the responses as JSON objects, an export with `{"records": [...]}`, an
    erasure with `{"erased": number}`.

    Raises:
        TooLate, Unavailable: nothing happened.
    """

    def __init__(self, module: Module[Tools], build: Build[Tools]) -> None:
        self._module = module
        self._build = build

    def __call__(self, wire: Mapping[str, Any], context: Any) -> Wire | dict[str, Any]:
        log = self._log.bind(request_id=context.aws_request_id)
        write_json_lines(log)
        if "personal_data" in wire:
            return self._personal_data(wire["personal_data"], log)
        call = Call.from_wire(wire)
        return self._observed(call, log)

    def close(self) -> None:
        """Gives back its connection; the next call opens another."""
        self._resources.close()

    def _observed(self, call: Call, log: Logger) -> Wire:
        log = log.bind(
            session_id=call.session_id,
            execution_id=call.execution_id,
            community=call.community.id,
            user=call.user and call.user.id,
            event=call.event_type,
            action=call.command,
        )
        began = time.perf_counter()
        try:
            wire = self._answer(call)
        except Unavailable as error:
            log.warning("call failed", category="ERROR", error=str(error))
            # By this name the router knows that nothing happened, and that again later is fine.
            raise Unavailable(error.what, error.how) from error
        except Exception as error:
            # The stack is the caller's business and Lambda's own log line.
            log.warning("call failed", category="ERROR", error=type(error).__name__)
            raise
        took = time.perf_counter() - began
        log.info("call answered", result="success", execution_time=round(took, 4))
        return wire

    def _answer(self, call: Call) -> Wire:
        try:
            with self._resources.postgres.writer() as connection:
                _limit(connection, self._module.timeout_seconds)
                wire = self._once(call, connection)
                if datetime.now(UTC) >= call.deadline:
                    raise TooLate(f"the deadline {call.deadline.isoformat()} has passed")
        except Refusal as refusal:
            return to_wire(Failed(refusal.say), session_id=call.session_id)
        return wire

    def _once(self, call: Call, connection: Connection) -> Wire:
        """What was answered before is answered again, to the session that asks now."""
        effects = Effects(connection)
        kept = effects.begin(call.execution_id)
        if kept is not None:
            return [{**response, "session_id": call.session_id} for response in kept]
        answer = self._module.answer(call, self._build(connection))
        wire = to_wire(answer, session_id=call.session_id)
        effects.keep(call.execution_id, wire)
        return wire

    def _personal_data(self, request: Mapping[str, Any], log: Logger) -> dict[str, Any]:
        verb = request["verb"]
        if verb not in {"export", "erase"}:
            raise ValueError(f"personal_data knows export and erase, not {verb!r}")
        owner = (int(request["community_id"]), str(request["platform"]), str(request["user_id"]))
        personal_data = self._module.personal_data
        with self._resources.postgres.writer() as connection:
            tools = self._build(connection)
            if verb == "export":
                records = personal_data.export(*owner, tools) if personal_data else []
                told: dict[str, Any] = {"records": records}
            else:
                told = {"erased": personal_data.erase(*owner, tools) if personal_data else 0}
        log.info("personal data served", category="AUDIT", action=verb, community=owner[0])
        return told

    @cached_property
    def _resources(self) -> Resources:
        return Resources(Environment.of_process())

    @cached_property
    def _log(self) -> Logger:
        return get_logger(self._module.name)


def _limit(connection: Connection, statement_seconds: float) -> None:
    """For this transaction: nobody waits longer for an answer than the module declares."""
    connection.execute(
        """
        SELECT set_config('statement_timeout', %(statement)s, true),
            set_config('idle_in_transaction_session_timeout', %(idle)s, true)
        """,
        {"statement": f"{int(statement_seconds * 1000)}ms", "idle": f"{IDLE_SECONDS}s"},
    )
