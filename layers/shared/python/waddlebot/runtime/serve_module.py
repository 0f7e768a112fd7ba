"""The door of a first-party module: one call, one effect (docs/delivery.md)."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from waddlebot.domain.errors import Refusal, Unavailable
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.logs import Logger, get_logger
from waddlebot.runtime.module_transactions import PERSONAL_DATA_SECONDS, transaction
from waddlebot.runtime.resources import Resources
from waddlebot.runtime.standard_logging import write_json_lines
from waddlebot.stores.effects import Effects, to_begin, to_begin_all, to_keep, to_keep_all
from waddlebot.stores.postgres import Connection, Opened
from waddlebot_sdk.calls import Call
from waddlebot_sdk.module import Module
from waddlebot_sdk.responses import Failed, to_wire
from waddlebot_sdk.web import AT

if TYPE_CHECKING:
    from waddlebot.runtime.reach import Reach
    from waddlebot.runtime.visitors import Visitors

Tools = TypeVar("Tools")
Build = Callable[[Connection], Tools]
Wire = list[dict[str, Any]]


class TooLate(Exception):
    """The call's deadline passed: what was reported as failed must not have happened."""


class _Undone(Exception):
    """Ends a transaction that is not to be committed."""


@overload
def serve_module(module: Module[Reach[Tools]], build: Build[Tools]) -> ModuleDoor[Reach[Tools]]: ...


@overload
def serve_module(module: Module[Tools], build: Build[Tools]) -> ModuleDoor[Tools]: ...


def serve_module(module: Module[Any], build: Build[Any]) -> ModuleDoor[Any]:
    """`handler = serve_module(MODULE, build=Memories)`; `build` makes the tools of one call.

    Of a module that declares hosts `outside`, it makes the store inside the `Reach` of one call.
    """
    if module.outside:
        from waddlebot.runtime.reaching_door import ReachingDoor  # few modules reach out

        return ReachingDoor(module, build)
    return KeepingDoor(module, build)


class ModuleDoor(ABC, Generic[Tools]):
    """The handler. Its input is a call of the public contract, what came to a web address of the
    module's own (payload format 2.0), or a request about personal data:

        {"personal_data": {"verb": "export"|"erase", "community_id", "platform", "user_id"}}

    What may stand for an argument that is being typed is asked as waddlebot_sdk/completing.py says,
    and nothing that the module does meanwhile is kept.

    Calls of our own router may come together, and those of one community in order:

        {"calls": [...]}, which is answered {"answers": {execution id: responses}}

    It answers a call with the responses as JSON objects, a request with payload format 2.0, an
    export with `{"records": [...]}`, an erasure with `{"erased": number}`.

    Raises, of a call and of personal data (a request is answered whatever happens):
        TooLate: the module keeps nothing of this invocation; another one may have made the call.
        Unavailable: a server of ours is away, or the call is still at work elsewhere. Made again it
            is answered as it stands: a commit whose answer got lost is found, and what a service
            was asked for and nobody knows of is in doubt, not repeated.
        NotAResponse: more responses than an answer may have; nothing is kept.
    """

    def __init__(self, module: Module[Tools]) -> None:
        self._module = module

    @abstractmethod
    def answer(self, call: Call) -> Wire:
        """Of this call, or what was answered when it was made before."""

    @abstractmethod
    def tools_for(self, what: str, seconds: float) -> AbstractContextManager[Tools]:
        """For `what`, which is no call: what is done with them, for so long, is committed when this
        is left, and undone on an error.
        """

    def __call__(self, wire: Mapping[str, Any], context: Any) -> Wire | dict[str, Any]:
        log = self._log.bind(request_id=context.aws_request_id)
        write_json_lines(log)
        if "personal_data" in wire:
            return self._personal_data(wire["personal_data"], log)
        if "routeKey" in wire:
            return self._visited(wire, context, log)
        if "completes" in wire:
            return self._completing(wire)
        if "calls" in wire:
            return self._together([self._call(one) for one in wire["calls"]], log)
        return self._observed(self._call(wire), log)

    def _call(self, wire: Mapping[str, Any]) -> Call:
        call = Call.from_wire(wire)
        return replace(call, web=self._web) if self._module.routes else call

    @property
    def _web(self) -> str:
        return self._resources.public_address.at(f"{AT}/{self._module.name}")

    def close(self) -> None:
        """Gives back its connection; the next call opens another."""
        self._resources.close()

    def _visited(self, aws_event: Mapping[str, Any], context: Any, log: Logger) -> dict[str, Any]:
        from waddlebot.runtime.methods import as_asked  # few modules have any addresses
        from waddlebot.runtime.module_routes import serve_route

        aws_event = as_asked(aws_event)
        tools = self.tools_for(str(aws_event["routeKey"]), self._module.timeout_seconds)
        return serve_route(
            self._module,
            tools,
            aws_event,
            context,
            web=self._web,
            visitors=self._visitors,
            log=log,
        )

    def answer_together(self, calls: Sequence[Call]) -> Mapping[str, Wire]:  # noqa: ARG002
        """By execution id; who is left out is called by itself."""
        return {}

    def _together(self, calls: Sequence[Call], log: Logger) -> dict[str, Any]:
        began = time.perf_counter()
        try:
            answers = self.answer_together(calls)
        except Exception as error:  # noqa: BLE001 - each call by itself says what is wrong
            log.info("calls are made one by one", error=type(error).__name__)
            answers = {}
        took = (time.perf_counter() - began) / len(calls)
        for call in calls:
            if call.execution_id in answers:
                said = _about(call, log)
                said.info("call answered", result="success", execution_time=round(took, 4))
        return {"answers": answers}

    def _observed(self, call: Call, log: Logger) -> Wire:
        log = _about(call, log)
        began = time.perf_counter()
        try:
            wire = self.answer(call)
        except Unavailable as error:
            log.warning("call failed", category="ERROR", error=str(error))
            # By this name the router knows that again later is fine: what was kept is found then.
            raise Unavailable(error.what, error.how) from error
        except Exception as error:
            # The stack is the caller's business and Lambda's own log line.
            log.warning("call failed", category="ERROR", error=type(error).__name__)
            raise
        took = time.perf_counter() - began
        log.info("call answered", result="success", execution_time=round(took, 4))
        return wire

    def _completing(self, wire: Mapping[str, Any]) -> dict[str, Any]:
        """What is offered while somebody types changes nothing, whatever the module does."""
        from waddlebot_sdk.completing import answer_completing  # few calls are such

        answer: dict[str, Any] = {}
        with (
            suppress(_Undone),
            self.tools_for("completing", self._module.timeout_seconds) as tools,
        ):
            answer = answer_completing(self._module, wire, tools)
            raise _Undone
        return answer

    def _personal_data(self, request: Mapping[str, Any], log: Logger) -> dict[str, Any]:
        verb = request["verb"]
        if verb not in {"export", "erase"}:
            raise ValueError(f"personal_data knows export and erase, not {verb!r}")
        owner = (int(request["community_id"]), str(request["platform"]), str(request["user_id"]))
        personal_data = self._module.personal_data
        with self.tools_for(f"personal data: {verb}", PERSONAL_DATA_SECONDS) as tools:
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
    def _visitors(self) -> Visitors:
        from waddlebot.runtime.visitors import Visitors

        return Visitors(self._resources.limits)

    @cached_property
    def _log(self) -> Logger:
        return get_logger(self._module.name)


def _about(call: Call, log: Logger) -> Logger:
    return log.bind(
        session_id=call.session_id,
        execution_id=call.execution_id,
        community=call.community.id,
        user=call.user and call.user.id,
        event=call.event_type,
        action=call.command,
    )


class KeepingDoor(ModuleDoor[Tools]):
    """Of a module that needs its own tables alone: one call, one transaction.

    Methods raise Unavailable: nothing was kept, or whether it was is unknown.
    """

    def __init__(self, module: Module[Tools], build: Build[Tools]) -> None:
        super().__init__(module)
        self._build = build

    def answer(self, call: Call) -> Wire:
        first = to_begin(call.execution_id, self._module.name)
        try:
            with self._resources.postgres.opened(first) as opened:
                wire = self._once(call, opened)
                check_time(call)
        except Refusal as refusal:
            return to_wire(Failed(refusal.say), session_id=call.session_id)
        return wire

    def answer_together(self, calls: Sequence[Call]) -> Mapping[str, Wire]:
        """All in one transaction: whatever goes wrong with one of them, none has happened."""
        names = [call.execution_id for call in calls]
        with self._resources.postgres.opened(to_begin_all(names, self._module.name)) as opened:
            new = {row["execution_id"] for row in opened.found}
            tools, kept = self._build(opened.connection), self._effects(opened)
            made: dict[str, Wire] = {}
            answers: dict[str, Wire] = {}
            for call in calls:
                name = call.execution_id
                if name in new - made.keys():
                    answer = self._module.answer(call, tools)
                    made[name] = answers[name] = to_wire(answer, session_id=call.session_id)
                elif name not in made:
                    answers[name] = said_again(kept.find(name), call)
                check_time(call)
            opened.at_commit.append(to_keep_all(made))
        return answers

    @contextmanager
    def tools_for(self, what: str, seconds: float) -> Iterator[Tools]:  # noqa: ARG002 - of others
        usual = seconds == self._module.timeout_seconds
        with transaction(self._resources.postgres, None if usual else seconds) as connection:
            yield self._build(connection)

    def _once(self, call: Call, opened: Opened) -> Wire:
        if not opened.found:
            return said_again(self._effects(opened).find(call.execution_id), call)
        answer = self._module.answer(call, self._build(opened.connection))
        wire = to_wire(answer, session_id=call.session_id)
        opened.at_commit.append(to_keep(call.execution_id, wire))
        return wire

    def _effects(self, opened: Opened) -> Effects:
        return Effects(opened.connection, self._module.name)


def said_again(kept: Wire, call: Call) -> Wire:
    """What was answered before is answered again, to the session that asks now."""
    return [{**response, "session_id": call.session_id} for response in kept]


def check_time(call: Call) -> None:
    """Raises TooLate."""
    if datetime.now(UTC) >= call.deadline:
        raise TooLate(f"the deadline {call.deadline.isoformat()} has passed")
