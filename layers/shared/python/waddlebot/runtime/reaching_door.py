"""The door of a module that reaches out: a call is begun, worked on, and kept (docs/delivery.md).

Begun and kept are transactions; in between it may wait for others' servers and holds nothing.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

from waddlebot.domain import sayings
from waddlebot.domain.errors import Refusal, Rejected, Unavailable
from waddlebot.outside.errors import OutsideFailed
from waddlebot.runtime.reach import Reach, Store
from waddlebot.runtime.serve_module import Build, ModuleDoor, TooLate, Wire, check_time, said_again
from waddlebot.runtime.time_limits import TookTooLong
from waddlebot.stores.begun_calls import BegunCall
from waddlebot_sdk.calls import Call
from waddlebot_sdk.module import Module
from waddlebot_sdk.responses import Failed, to_wire

FIRST_PAUSE_SECONDS = 0.05
MOST_PAUSE_SECONDS = 1.0


class ReachingDoor(ModuleDoor[Reach[Store]]):
    def __init__(self, module: Module[Reach[Store]], build: Build[Store]) -> None:
        super().__init__(module)
        self._build = build

    def answer(self, call: Call) -> Wire:
        check_time(call)
        begun = self._begun(call.execution_id)
        kept = self._begin(call, begun)
        if kept is not None:
            return said_again(kept, call)
        reach = self._reach(call.deadline)
        reach.note_asking = lambda: _check_ours(begun.ask())
        try:
            return self._work(call, begun, reach)
        except Exception:
            self._give_up(begun, reach)
            raise

    @contextmanager
    def tools_for(self, what: str, seconds: float) -> Iterator[Reach[Store]]:
        """What is asked for and must not be done twice is noted, as of a call.

        Raises:
            Rejected: 502, nobody knows whether it was done. It is listed as in doubt.
        """
        begun, reach = self._begun(secrets.token_urlsafe(16)), self._reach_for(seconds)
        reach.note_asking = partial(begun.note_visit, what, seconds=seconds)
        try:
            with reach.keeping():
                yield reach
                if reach.is_noted:
                    _check_ours(begun.end_visit(reach.connection()))
        except (Exception, TookTooLong) as error:
            if isinstance(error, Refusal | Rejected):  # it has its sentence: what came is known
                reach.is_unsure = False
            if reach.is_noted:
                self._give_up(begun, reach)
            if reach.is_unsure and isinstance(error, Unavailable | TookTooLong):
                raise Rejected(502, "IN_DOUBT", sayings.UNSURE) from error
            raise

    def _begin(self, call: Call, begun: BegunCall) -> Wire | None:
        """What was answered before. Waits, without a transaction, for whoever is at work on it."""
        pause = FIRST_PAUSE_SECONDS
        while (found := begun.begin(seconds=_left(call))).is_busy:
            if pause >= _left(call):
                raise Unavailable(f"the call {call.execution_id}", "is still at work elsewhere")
            time.sleep(pause)
            pause = min(pause * 2, MOST_PAUSE_SECONDS)
        return None if found.kept is None else list(found.kept)

    def _work(self, call: Call, begun: BegunCall, reach: Reach[Store]) -> Wire:
        """A refusal is an answer like others; nothing is kept with it."""
        try:
            with reach.keeping():
                wire = to_wire(self._module.answer(call, reach), session_id=call.session_id)
                _keep(call, begun, reach, wire)
                return wire
        except Refusal as refusal:
            failed = Failed(refusal.say)
        except OutsideFailed as error:
            if reach.is_unsure:
                return said_again(begun.leave_in_doubt(), call)
            failed = Failed(sayings.service_fails(error.what, error.how), error=str(error))
        with reach.keeping():
            wire = to_wire(failed, session_id=call.session_id)
            _keep(call, begun, reach, wire)
        return wire

    def _give_up(self, begun: BegunCall, reach: Reach[Store]) -> None:
        """Nothing was kept. If this cannot be written either, the lease says it when it ends."""
        try:
            if reach.is_unsure:
                begun.leave_in_doubt()
            else:
                begun.free()
        except Unavailable:
            return

    def _begun(self, name: str) -> BegunCall:
        return BegunCall(
            postgres=self._resources.postgres,
            execution_id=name,
            module=self._module.name,
            owner=secrets.token_hex(16),
        )

    def _reach_for(self, seconds: float) -> Reach[Store]:
        return self._reach(datetime.now(UTC) + timedelta(seconds=seconds))

    def _reach(self, deadline: datetime) -> Reach[Store]:
        return Reach(
            module=self._module, build=self._build, ours=self._resources, deadline=deadline
        )


def _keep(call: Call, begun: BegunCall, reach: Reach[Store], wire: Wire) -> None:
    _check_ours(begun.keep(reach.connection(), wire))
    check_time(call)


def _check_ours(is_ours: bool) -> None:  # noqa: FBT001 - what a statement told
    if not is_ours:
        raise TooLate("another invocation has taken this call over")


def _left(call: Call) -> float:
    return (call.deadline - datetime.now(UTC)).total_seconds()
