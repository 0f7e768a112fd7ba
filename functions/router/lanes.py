"""What must wait for what, and three hands a module for what need not."""

from __future__ import annotations

import math
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from functions.router.destinations.engines import engine_of
from waddlebot.domain.executions import Execution
from waddlebot.domain.verdicts import Verdict
from waddlebot_sdk.module import ExecutionMode

MOST_THREADS_A_MODULE = 3
MOST_THREADS = 24
FIRST_LOOK_SECONDS = 0.5
"""After so long the answers that are there do not wait for those that are not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One call. `follows` is the call before it in its event, `lane` those before it in its lane.

    `place` is where it stands among the verdicts, which is where its answer stands too.
    `here`: it runs in this thread, because it waits for no module.
    """

    verdict: Verdict
    place: int
    module: str
    follows: int | None
    lane: tuple[int, ...]
    here: bool

    @property
    def after(self) -> tuple[int, ...]:
        return self.lane if self.follows is None else (*self.lane, self.follows)


Done = Sequence[Execution | None]
Work = Callable[[Step, Done], Execution]


def plan(verdicts: Sequence[Verdict]) -> list[Step]:
    """In an event, sequential calls one after another, then the parallel ones together.

    Events do not wait for each other, except calls of one entity to one module (a lane).
    """
    steps: list[Step] = []
    places = {id(verdict): place for place, verdict in enumerate(verdicts)}
    lanes: dict[tuple[str, str], _Lane] = defaultdict(_Lane)
    for event in _by_event(verdicts):
        last: int | None = None
        for verdict in sorted(event, key=_is_parallel):
            match = verdict.match
            lane = lanes[match.session.spot.entity, match.trigger.module]
            before = lane.join(match.session.id, len(steps))
            steps.append(
                Step(
                    verdict=verdict,
                    place=places[id(verdict)],
                    module=match.trigger.module,
                    follows=last,
                    lane=before,
                    here=engine_of(match.trigger.destination).in_process,
                )
            )
            last = last if _is_parallel(verdict) else len(steps) - 1
    return steps


@dataclass(slots=True)
class _Lane:
    """The calls of the last event in a lane, and those of the event before it."""

    session: str = ""
    calls: list[int] = field(default_factory=list)
    before: tuple[int, ...] = ()

    def join(self, session: str, call: int) -> tuple[int, ...]:
        if session != self.session:
            self.session, self.before, self.calls = session, tuple(self.calls), []
        self.calls.append(call)
        return self.before


def _by_event(verdicts: Sequence[Verdict]) -> list[list[Verdict]]:
    events: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        events[verdict.match.session.id].append(verdict)
    return list(events.values())


def _is_parallel(verdict: Verdict) -> bool:
    return verdict.match.trigger.execution_mode is ExecutionMode.PARALLEL


def in_order_of_verdicts(steps: Sequence[Step], done: Done) -> list[Execution]:
    """What is done, as priorities order the answers, whichever call was over first."""
    pairs = zip(steps, done, strict=True)
    answered = [(step.place, execution) for step, execution in pairs if execution]
    return [execution for _, execution in sorted(answered, key=_first)]


def _first(pair: tuple[int, Execution]) -> int:
    return pair[0]


def run_in_lanes(steps: Sequence[Step], work: Work) -> Iterator[Done]:
    """What is done, in the end and, if something hangs, once before it.

    Execution n belongs to step n. `work` must not raise; it sees what is done already.
    """
    done: list[Execution | None] = [None] * len(steps)
    if _needs_no_threads(steps):
        for number, step in enumerate(steps):
            done[number] = work(step, done)
    else:
        yield from _Crew(steps, work, done).run()
    yield done


def _needs_no_threads(steps: Sequence[Step]) -> bool:
    """None waits for a module, or all are of one event, which waits for the last of them."""
    if all(step.here for step in steps):
        return True
    is_one_event = len({step.verdict.match.session.id for step in steps}) == 1
    return is_one_event and all(number in step.after for number, step in enumerate(steps[1:]))


@dataclass(slots=True)
class _Crew:
    steps: Sequence[Step]
    work: Work
    done: list[Execution | None]
    waiting: list[int] = field(default_factory=list)
    running: dict[Future[Execution], int] = field(default_factory=dict)
    busy: Counter[str] = field(default_factory=Counter)

    def run(self) -> Iterator[Done]:
        self.waiting = list(range(len(self.steps)))
        calls = Counter(step.module for step in self.steps if not step.here)
        hands = sum(min(MOST_THREADS_A_MODULE, count) for count in calls.values())
        look_at = time.monotonic() + FIRST_LOOK_SECONDS
        with ThreadPoolExecutor(min(hands, MOST_THREADS)) as pool:
            while self.waiting or self.running:
                self._begin_all(pool)
                if self._run_one_here() or self._wait_for_one(look_at - time.monotonic()):
                    continue
                yield self.done
                look_at = math.inf

    def _begin_all(self, pool: ThreadPoolExecutor) -> None:
        for number in list(self.waiting):
            step = self.steps[number]
            if step.here or self.busy[step.module] == MOST_THREADS_A_MODULE:
                continue
            if self._is_ready(step):
                self.waiting.remove(number)
                self.busy[step.module] += 1
                self.running[pool.submit(self.work, step, self.done)] = number

    def _run_one_here(self) -> bool:
        for number in self.waiting:
            step = self.steps[number]
            if step.here and self._is_ready(step):
                self.waiting.remove(number)
                self.done[number] = self.work(step, self.done)
                return True
        return False

    def _wait_for_one(self, seconds: float) -> bool:
        """Whether one was done in time."""
        patience = None if seconds == math.inf else max(0.0, seconds)
        ended = wait(self.running, timeout=patience, return_when=FIRST_COMPLETED).done
        for future in ended:
            number = self.running.pop(future)
            self.busy[self.steps[number].module] -= 1
            self.done[number] = future.result()
        return bool(ended)

    def _is_ready(self, step: Step) -> bool:
        return all(self.done[number] for number in step.after)
