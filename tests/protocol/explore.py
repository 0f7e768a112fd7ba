"""All that can happen in a small case, and what must never come of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from operator import ge
from typing import NamedTuple

from tests.protocol import ingress, reader, router, sender
from tests.protocol.faults import deaths, expiries, left_behind
from tests.protocol.states import NO_FAULTS, Case, Faults, Process, State, in_order
from tests.protocol.tidy import tidy

STEPS = ingress.STEPS | router.STEPS | reader.STEPS | sender.STEPS
ALONE = ingress.ALONE | reader.ALONE
IDLE = ("reader.idle", "sender.idle")
CRASH_POINTS = STEPS.keys() - IDLE

Named = tuple[str, State]


class End(NamedTuple):
    """What came of it all."""

    shown: str
    in_doubt: str
    excuse: str


@dataclass(slots=True, kw_only=True)
class Explored:
    """What needs fewer faults is looked at first, and nothing twice that had as many to come.

    `wrong` is what was wrong, and the way there; `died_at`: where processes did. `is_whole`: in
    every order, although from some the same comes.
    """

    case: Case
    is_whole: bool = False
    wrong: str = ""
    ends: set[End] = field(default_factory=set)
    died_at: set[str] = field(default_factory=set)
    _came_from: dict[State, Named | None] = field(default_factory=dict)
    _leads_to: dict[State, set[State]] = field(default_factory=dict)
    _known: dict[State, list[Faults]] = field(default_factory=lambda: defaultdict(list))
    _levels: list[list[State]] = field(default_factory=list)

    def run(self) -> None:
        """Stops at the first state that is wrong."""
        self._levels = [[] for _ in range(sum(self.case.faults) + 1)]
        self._add(self.case.start(), None)
        for level in reversed(self._levels):
            for state in level:  # It grows while it is read.
                if what := self._look_at(state):
                    self.wrong = "\n  ".join((what, *self._way_to(state)))
                    return
        self.wrong = self._find_circle()

    def _look_at(self, state: State) -> str:
        groups = [list(dict.fromkeys(state.processes))] if self.is_whole else in_turn(state)
        moves = steps(self.case, state, groups)
        crashes = list(dying(self.case, state, groups))
        after = [self._add(one, (name, state)) for name, one in (*moves, *crashes, *rivals(state))]
        without_faults = {one for one in after[: len(moves)] if one.faults == state.faults}
        self._leads_to[without(state)] = set(map(without, without_faults))
        self.died_at.update(name.removeprefix("dies at ") for name, _ in crashes)
        if moves:
            return wrong_now(self.case, state)
        self.ends.add(End(in_order(state.shown), in_order(state.in_doubt), state.excuse))
        return wrong_now(self.case, state) or wrong_at_the_end(self.case, state)

    def _add(self, state: State, step: Named | None) -> State:
        state = state if self.is_whole else tidy(self.case, state)
        known = self._known[without(state)]
        if not any(all(map(ge, faults, state.faults)) for faults in known):
            known.append(state.faults)
            self._came_from[state] = step
            self._levels[sum(state.faults)].append(state)
        return state

    def _find_circle(self) -> str:
        """From every state an end can be reached."""
        comes_from: dict[State, list[State]] = defaultdict(list)
        for state, following in self._leads_to.items():
            for one in following:
                comes_from[one].append(state)
        reaching = [state for state, following in self._leads_to.items() if not following]
        circling = self._leads_to.keys() - reaching
        while reaching:
            for state in comes_from[reaching.pop()]:
                if state in circling:
                    circling.remove(state)
                    reaching.append(state)
        return f"goes on for ever: {circling.pop()}" if circling else ""

    def _way_to(self, state: State) -> list[str]:
        way: list[str] = []
        while step := self._came_from[state]:
            name, state = step
            way.append(name)
        return way[::-1]


def without(state: State) -> State:
    return state._replace(faults=NO_FAULTS)


def explore(case: Case, *, is_whole: bool = False) -> Explored:
    explored = Explored(case=case, is_whole=is_whole)
    explored.run()
    return explored


def in_turn(state: State) -> list[list[Process]]:
    """Groups: those of a later one move when nobody of an earlier one can.

    In whatever order, the same comes of it: some steps touch nobody else, and nobody looks at
    what a sender does, while what it reads only grows.
    """
    processes = dict.fromkeys(state.processes)
    for one in processes:
        if one.at in ALONE:
            return [[one]]
    senders = [one for one in processes if one.kind == "sender"]
    return [[one for one in processes if one.kind != "sender"], senders]


def steps(case: Case, state: State, groups: list[list[Process]]) -> list[Named]:
    for group in groups:
        moves = [(one.at, after) for one in group for after in STEPS[one.at](case, state, one)]
        if not all(one.at in ALONE for one in group):
            moves += [("a lease ends", after) for after in expiries(state)]
        if moves:
            return moves
    return []


def dying(case: Case, state: State, groups: list[list[Process]]) -> Iterator[Named]:
    if state.faults.crashes:
        for one in chain(*groups):
            if one.at not in IDLE:
                for after in deaths(case, state.spend("crashes"), one):
                    yield f"dies at {one.at}", after


def rivals(state: State) -> Iterator[Named]:
    if state.faults.rivals:
        for one in dict.fromkeys(state.processes):
            if one.kind in ("reader", "sender") and one.at not in IDLE:
                yield f"taken for dead at {one.at}", left_behind(state.spend("rivals"), one)


def wrong_now(case: Case, state: State) -> str:
    is_unharmed = state.faults == case.faults
    for what in ("shown", "appended", *(["called"] if is_unharmed else [])):
        if again := [one for one, count in Counter(getattr(state, what)).items() if count > 1]:
            return f"{what} twice: {again}"
    return ""


def wrong_at_the_end(case: Case, state: State) -> str:
    if state.entries or state.later or state.outbox:
        return "left lying on a stream"
    missing = [one for one in case.calls if one not in state.shown + state.in_doubt]
    return f"never shown: {missing}" if missing and not state.excuse else ""
