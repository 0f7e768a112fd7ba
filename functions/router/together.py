"""Calls of one module of ours that are made together: one invocation and one transaction for many.

The module keeps all of them or none. Whatever is not answered so is called by itself, as if nobody
had tried: what was kept is found again by its execution id, so nothing happens twice.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from functions.router.destinations import Answered
from functions.router.destinations.engines import engine_of
from functions.router.lanes import Step
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.executions import execution_id
from waddlebot.domain.verdicts import Verdict

MOST_TOGETHER = 25
MOST_SECONDS = 1.0
"""Half of what a batch waits for: who is called by itself then is still waited for as long as its
module declares."""

Ask = Callable[[Sequence[Verdict]], Mapping[str, Answered]]
"""What was answered, by execution id. Raises Unavailable."""
Lane = list[Step]

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Bundle:
    """Asked by whoever needs an answer of it first; the others wait for that."""

    verdicts: Sequence[Verdict]
    ask: Ask
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _answers: Mapping[str, Answered] | None = None
    _each_ms: float = 0.0

    def find(self, execution: str, *, asks: bool = True) -> Answered | None:
        """None where this call is to be made by itself, or nobody has asked and `asks` is false."""
        with self._turn:
            if self._answers is None:
                if not asks:
                    return None
                began = time.perf_counter()
                self._answers = self._ask_all()
                self._each_ms = (time.perf_counter() - began) * 1000 / len(self.verdicts)
            return self._answers.get(execution)

    @property
    def each_ms(self) -> float:
        """What it took for each of its calls."""
        return self._each_ms

    def _ask_all(self) -> Mapping[str, Answered]:
        called = self.verdicts[0].match.trigger.module
        try:
            return self.ask(self.verdicts)
        except Unavailable as error:
            log.info("calls are made one by one", extra={"called": called, "why": str(error)})
        except Exception:
            # What goes wrong with the bundle may be one call's, which says so by itself.
            log.exception("calls are made one by one", extra={"called": called})
        return {}


def bundles_of(steps: Sequence[Step], ask: Ask, *, most_seconds: float) -> dict[str, Bundle]:
    """By execution id: calls of a module of ours that no other call of their events waits for.

    A lane stays in order: it is in one bundle, or in several that hold nothing else.
    """
    found: dict[str, Bundle] = {}
    for lanes in _lanes_by_module(steps, most_seconds).values():
        for together in _parts(lanes):
            if len(together) > 1:
                bundle = Bundle([step.verdict for step in together], ask)
                found |= {execution_id(step.verdict.match): bundle for step in together}
    return found


def _lanes_by_module(steps: Sequence[Step], most_seconds: float) -> dict[str, list[Lane]]:
    """In the order of places, so that two transactions lock what they need in the same order."""
    calls_of_event: dict[str, int] = defaultdict(int)
    lanes: dict[tuple[str, str], Lane] = defaultdict(list)
    for step in steps:
        session = step.verdict.match.session
        calls_of_event[session.id] += 1
        lanes[step.module, session.spot.entity].append(step)
    modules: dict[str, list[Lane]] = defaultdict(list)
    for (module, _), lane in sorted(lanes.items(), key=lambda one: one[0]):
        alone = all(calls_of_event[step.verdict.match.session.id] == 1 for step in lane)
        if alone and all(_may_go_together(step, most_seconds) for step in lane):
            modules[module].append(lane)
    return modules


def _may_go_together(step: Step, most_seconds: float) -> bool:
    """Whoever takes long, or reaches out, is waited for alone, and so are strangers."""
    trigger = step.verdict.match.trigger
    is_ours = not trigger.destination.is_strangers
    takes_many = engine_of(trigger.destination).call_together is not None
    return is_ours and takes_many and trigger.timeout_seconds <= most_seconds


def _parts(lanes: Sequence[Lane]) -> Iterator[Lane]:
    part: Lane = []
    for lane in lanes:
        if part and len(part) + len(lane) > MOST_TOGETHER:
            yield part
            part = []
        part = [*part, *lane]
        if len(part) > MOST_TOGETHER:  # so it is of this lane alone
            yield from (lane[at : at + MOST_TOGETHER] for at in range(0, len(lane), MOST_TOGETHER))
            part = []
    if part:
        yield part
