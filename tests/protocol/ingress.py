"""The steps of ingress: functions/ingress/receive.py."""

from __future__ import annotations

from tests.protocol import scripts
from tests.protocol.states import Case, Process, Rule, State
from tests.protocol.steps import Next, Step, asking


def store(_case: Case, state: State, me: Process) -> Next:
    for after, answer in asking(state, lambda at: (at._replace(entries=at.entries + 1), "stored")):
        # 503 where it is away: the platform tells it again.
        yield after.turn(me, me._replace(at="ingress.stored") if answer else me)


def acknowledge(_case: Case, state: State, me: Process) -> Next:
    yield state.turn(me)


def ask(_case: Case, state: State, me: Process) -> Next:
    owner = state.new_owner()
    router = Process("router.started", owner, is_asked=True)
    yield state.turn(me, router, Process("ingress.waiting", owner))


def wait_no_longer(_case: Case, state: State, me: Process) -> Next:
    yield state.turn(me, Process("ingress.deferring"))


def answer(case: Case, state: State, me: Process) -> Next:
    passed_on = me.passed_on and case.keeps(Rule.PASSED_ON_IS_DEFERRED)
    if me.standing == "busy" or passed_on:
        yield state.turn(me, Process("ingress.deferring"))
    else:
        yield state.turn(me, shown=state.shown + me.replies)


def defer(case: Case, state: State, me: Process) -> Next:
    """`owner` is that of a router that is known to be dead. Two tries count as one here."""
    for after, deferred in asking(state, lambda at: scripts.defer(case, at, me.owner)):
        if deferred:
            yield after.turn(me, Process("ingress.deferred"))
        else:
            yield after.turn(me, excuse="a sentence was said")


def say_deferred(_case: Case, state: State, me: Process) -> Next:
    yield state.turn(me)


STEPS: dict[str, Step] = {
    "ingress.told": store,
    "ingress.stored": acknowledge,
    "ingress.asked": ask,
    "ingress.waiting": wait_no_longer,
    "ingress.answered": answer,
    "ingress.deferring": defer,
    "ingress.deferred": say_deferred,
}
ALONE = frozenset({"ingress.stored", "ingress.asked", "ingress.answered", "ingress.deferred"})
"""They read nothing that others write, and nobody minds when they come."""
