"""Runs what is allowed: quick calls here, slow ones passed on; every failure becomes a sentence."""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Protocol

from functions.router.build_call import build_call
from functions.router.channels_seen import with_channels
from functions.router.destinations import Answered
from functions.router.destinations.builtin import Kit
from functions.router.destinations.engines import Outgoing, engine_of
from functions.router.lanes import Done, Step, in_order_of_verdicts, plan, run_in_lanes
from functions.router.misses import Misses
from functions.router.own_words import say_as_here
from functions.router.results import (
    away,
    concluded,
    failed,
    is_away,
    left_out,
    not_taken,
    pending,
    status_of,
)
from functions.router.together import MOST_SECONDS, Bundle, bundles_of
from waddlebot.domain import sayings
from waddlebot.domain.entities import EntityId
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import Event
from waddlebot.domain.executions import Execution, Status, execution_id
from waddlebot.domain.matches import Match, Standing
from waddlebot.domain.sessions import Session
from waddlebot.domain.triggers import (
    CommandTrigger,
)
from waddlebot.domain.verdicts import Verdict
from waddlebot.runtime.environment import MissingVariable
from waddlebot.runtime.invoke import Invoker
from waddlebot.runtime.invoke_errors import FunctionFailed, TimedOut
from waddlebot.stores.begun_calls import find_left
from waddlebot.stores.directory_rows import OpenedPlace
from waddlebot_sdk.responses import Chat, Response
from waddlebot_sdk.wire_texts import NotAResponse

PATIENCE = timedelta(seconds=2)
"""What a batch waits for; a call that may take longer, or has not begun by then, is passed on."""

log = logging.getLogger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


class PassOn(Protocol):
    """`asks`: one of the calls waits for a server of strangers. Raises Unavailable."""

    def __call__(self, event: Event, execution_ids: Sequence[str], /, *, asks: bool) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """Events that are answered together, with all that was decided and done for them.

    `is_late`: the answers of calls that were passed on. `places` are those where modules wish to
    speak; None where nobody could be asked.
    """

    sessions: Sequence[Session]
    verdicts: Sequence[Verdict]
    executions: Sequence[Execution] = ()
    is_late: bool = False
    places: Mapping[EntityId, OpenedPlace] | None = field(default_factory=dict)

    def hushed(self, instead: Mapping[str, Chat | None]) -> Wave:
        """The same, where these are said for their execution ids, or nothing."""
        if not instead:
            return self

        def hush(verdict: Verdict) -> Verdict:
            name = execution_id(verdict.match)
            if name not in instead:
                return verdict
            said = verdict.said and instead[name] is not None
            return replace(verdict, said=said, hushed=True, instead=instead[name])

        executions = [replace(one, verdict=hush(one.verdict)) for one in self.executions]
        return replace(self, verdicts=[*map(hush, self.verdicts)], executions=executions)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleCaller:
    """Made for one invocation, which must be done with all calls by `deadline`.

    `in_place`: wait for slow calls too (API callers, the slow door).
    `pass_on` starts the slow door for one event; it gets the executions that are left to it.
    `together`: calls of a module of ours go in one invocation, where they may.
    `names` says what is kept in place of the marks of whom a line mentions.
    `misses` is shared by all invocations of a process.
    """

    invoke: Invoker
    kit: Callable[[Session], Kit]
    deadline: datetime
    in_place: bool
    pass_on: PassOn
    misses: Misses = field(default_factory=Misses)
    names: Callable[[Match], Mapping[str, str]] = lambda _match: {}
    together: bool = False
    now: Callable[[], datetime] = _now

    def run(self, sessions: Sequence[Session], verdicts: Sequence[Verdict]) -> Iterator[Wave]:
        """One execution for each allowed verdict of an event that is ours.

        Every event is in one wave, whole. There is one, and a second where a call hangs: whoever
        did not ask for it does not wait for it.
        """
        ours = [
            verdict
            for verdict in verdicts
            if verdict.allowed and verdict.match.standing is Standing.OURS
        ]
        if not ours:
            yield Wave(sessions=sessions, verdicts=verdicts)
            return
        patience_ends = self.now() + PATIENCE

        def work(step: Step, done: Done) -> Execution:
            if _is_left_out(step, done):
                return left_out(step.verdict)
            if self._goes_on(step, done, patience_ends):
                return pending(step.verdict)
            return self._run_one(step.verdict, bundles.get(execution_id(step.verdict.match)))

        steps, left = plan(ours), {session.id for session in sessions}
        bundles = self._bundles(steps)
        for done in run_in_lanes(steps, work):
            ready = left - {_session_of(one.verdict) for one in _open(steps, done)}
            left -= ready
            if ready:
                answered = in_order_of_verdicts(steps, done)
                executions = [one for one in answered if _session_of(one.verdict) in ready]
                yield Wave(
                    sessions=[session for session in sessions if session.id in ready],
                    verdicts=[verdict for verdict in verdicts if _session_of(verdict) in ready],
                    executions=self._pass_on(executions),
                )

    def _goes_on(self, step: Step, done: Done, patience_ends: datetime) -> bool:
        """What follows a slow call in its event goes with it."""
        if self.in_place:
            return False
        before = None if step.follows is None else done[step.follows]
        return (
            (before is not None and before.status is Status.PENDING)
            or step.verdict.match.trigger.timeout_seconds > PATIENCE.total_seconds()
            or (self.now() >= patience_ends and not step.here)
        )

    def _bundles(self, steps: Sequence[Step]) -> Mapping[str, Bundle]:
        if not self.together or len(steps) == 1:
            return {}
        return bundles_of(steps, self._ask_together, most_seconds=PATIENCE.total_seconds())

    def _ask_together(self, verdicts: Sequence[Verdict]) -> Mapping[str, Answered]:
        deadline = min(self.now() + timedelta(seconds=MOST_SECONDS), self.deadline)
        outgoing = [
            self._outgoing(verdict.match, execution_id(verdict.match), deadline)
            for verdict in verdicts
        ]
        call_together = engine_of(verdicts[0].match.trigger.destination).call_together
        return call_together(outgoing) if call_together else {}

    def _run_one(self, verdict: Verdict, bundle: Bundle | None = None) -> Execution:
        """Never raises: a failure of one call is no failure of the others."""
        match, began = verdict.match, time.perf_counter()
        execution = Execution(id=execution_id(match), verdict=verdict, status=Status.SUCCESS)
        is_resting = self.misses.is_resting(match.trigger.module, self.now())
        answered = bundle.find(execution.id, asks=not is_resting) if bundle else None
        if bundle and answered:
            told = say_as_here(concluded(execution, answered), match.session.community)
            return replace(told, took_ms=bundle.each_ms)
        if is_resting:
            say = sayings.resting(sayings.name_of(match.trigger))
            told = failed(execution, say, "left alone", HTTPStatus.SERVICE_UNAVAILABLE)
        else:
            told = self._ask(execution)
        told = say_as_here(told, match.session.community)
        return replace(told, took_ms=(time.perf_counter() - began) * 1000)

    def _ask(self, execution: Execution) -> Execution:
        trigger = execution.verdict.match.trigger
        what = sayings.name_of(trigger)
        full_time = self.now() + timedelta(seconds=trigger.timeout_seconds)
        try:
            answered = self._answer_of(execution, deadline=min(full_time, self.deadline))
        except TimedOut as error:
            # A call that our own deadline cut short says nothing about the module.
            if full_time <= self.deadline:
                self.misses.missed(trigger.module, self.now())
            return self._failed(execution, sayings.took_too_long(what, execution.id), error)
        except (FunctionFailed, NotAResponse) as error:
            self.misses.answered(trigger.module)
            if is_away(trigger, error):
                return self._away(execution, error)
            return self._failed(execution, _failure_words(execution, error), error)
        except Unavailable as error:
            if engine_of(trigger.destination).in_process:
                return away(execution, error)
            return self._failed(execution, sayings.does_not_answer(what, execution.id), error)
        except Exception as error:
            log.exception("call crashed", extra={"called": trigger.module})
            crash = f"{type(error).__name__}: {error}"
            say = sayings.went_wrong(what, execution.id)
            return failed(execution, say, crash, HTTPStatus.INTERNAL_SERVER_ERROR)
        self.misses.answered(trigger.module)
        return concluded(execution, answered)

    def _failed(self, execution: Execution, say: str, error: Exception) -> Execution:
        """Nobody is told to try again what was kept, or may have been ordered from a service.

        Where that cannot be looked up the event waits, and whoever asked reads that nobody knows.
        """
        try:
            left = self._left_by(execution)
        except Unavailable:
            unsure = failed(execution, sayings.UNSURE, str(error), status_of(error))
            return replace(unsure, is_away=True)
        if left is None:
            return failed(execution, say, str(error), status_of(error))
        return concluded(execution, Answered(responses=left))

    def _away(self, execution: Execution, error: Exception) -> Execution:
        """A told event waits for the server; whoever asked reads what is known by now."""
        told = away(execution, error)
        if execution.verdict.match.session.event.is_asked:
            with suppress(Unavailable):
                left = self._left_by(execution)
                if left is not None:
                    return replace(concluded(execution, Answered(responses=left)), is_away=True)
        return told

    def _left_by(self, execution: Execution) -> tuple[Response, ...] | None:
        """Asked of what takes long, as whatever reaches out does. Raises Unavailable."""
        match = execution.verdict.match
        is_strangers = match.trigger.destination.is_strangers
        if is_strangers or match.trigger.timeout_seconds <= PATIENCE.total_seconds():
            return None
        return find_left(self.kit(match.session).postgres, execution.id)

    def _answer_of(self, execution: Execution, *, deadline: datetime) -> Answered:
        match = execution.verdict.match
        out = self._outgoing(match, execution.id, deadline)
        out = replace(out, call=with_channels(out.call, match, self.invoke))
        return engine_of(match.trigger.destination).call(out)

    def _outgoing(self, match: Match, execution: str, deadline: datetime) -> Outgoing:
        return Outgoing(
            match=match,
            call=build_call(match, execution, deadline=deadline, names=self._names_for(match)),
            invoke=self.invoke,
            kit=lambda: self.kit(match.session),
        )

    def _names_for(self, match: Match) -> Mapping[str, str]:
        """A stranger's function gets ids, as it always has."""
        trigger = match.trigger
        is_ours = isinstance(trigger, CommandTrigger) and not trigger.destination.is_strangers
        return self.names(match) if is_ours and "<" in match.text else {}

    def _pass_on(self, executions: list[Execution]) -> list[Execution]:
        """One call of the slow door an event; what it does not take has failed."""
        slow: dict[str, list[Execution]] = defaultdict(list)
        for execution in executions:
            if execution.status is Status.PENDING:
                slow[execution.verdict.match.session.id].append(execution)
        lost: dict[str, Execution] = {}
        for those in slow.values():
            try:
                event = those[0].verdict.match.session.event
                asks = any(_asks_strangers(execution) for execution in those)
                self.pass_on(event, [execution.id for execution in those], asks=asks)
            except Unavailable as error:
                lost |= {execution.id: not_taken(execution, error) for execution in those}
        return [lost.get(execution.id, execution) for execution in executions]


def _is_left_out(step: Step, done: Done) -> bool:
    before = None if step.follows is None else done[step.follows]
    return bool(step.verdict.match.step and before and before.came_to_nothing)


def _asks_strangers(execution: Execution) -> bool:
    return engine_of(execution.verdict.match.trigger.destination).asks_strangers


def _session_of(verdict: Verdict) -> str:
    return verdict.match.session.id


def _open(steps: Sequence[Step], done: Done) -> list[Step]:
    return [step for step, execution in zip(steps, done, strict=True) if execution is None]


def _failure_words(execution: Execution, error: FunctionFailed | NotAResponse) -> str:
    """Nobody is told to try again what an operator has not set up."""
    what = sayings.name_of(execution.verdict.match.trigger)
    if isinstance(error, FunctionFailed) and error.error_type == MissingVariable.__name__:
        return sayings.NOT_SET_UP.format(what)
    return sayings.went_wrong(what, execution.id)
