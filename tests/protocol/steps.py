"""What all processes share: what a step is, round trips, and answers to who waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.protocol.scripts import Answer
from tests.protocol.states import NOBODY, Case, Process, State

Next = Iterator[State]
Step = Callable[[Case, State, Process], Next]
"""Yields every state that may come of it; whoever stands before it may die there instead."""


def asking(state: State, script: Callable[[State], Answer]) -> Iterator[tuple[State, str | None]]:
    """All that may come of one round trip to the streams server; None where no answer came."""
    after, answer = script(state)
    yield after, answer
    if state.faults.blips:
        yield state.spend("blips"), None
        yield after.spend("blips"), None
        again, repeated = script(after)
        yield again.spend("blips"), repeated


def returned(state: State, me: Process, how: str) -> State:
    """It has ended. Whoever waits for it hears how; who has given up hears nothing any more."""
    for caller in state.processes:
        if caller.at in ("ingress.waiting", "reader.waiting") and caller.owner == me.owner:
            return state.turn(me).turn(caller, _told(caller, me, how))
    return state.turn(me)


def _told(caller: Process, router: Process, how: str) -> Process:
    if how == "answered":
        result = {one: getattr(router, one) for one in ("standing", "passed_on", "replies")}
        return caller._replace(at=f"{caller.kind}.answered", owner=NOBODY, **result)
    if caller.kind == "ingress":
        return caller._replace(at="ingress.deferring")
    return caller._replace(at="reader.bereaved", standing=how)
