"""The steps of a reader: gateway_bot/reader.py."""

from __future__ import annotations

from tests.protocol import scripts
from tests.protocol.states import Case, Process, Rule, State
from tests.protocol.steps import Next, Step, asking


def read(case: Case, state: State, me: Process) -> Next:
    """Alone or with others. What was put off comes when its lease is over: sooner it is busy."""
    if state.entries:
        for is_shared in (False,) if case.is_patient else (False, True):
            one = me._replace(at="reader.read", is_shared=is_shared)
            yield state.turn(me, one, entries=state.entries - 1)
    if state.later and not (state.receipt.state == "running" and state.receipt.is_leased):
        yield state.turn(me, me._replace(at="reader.read"), later=state.later - 1)


def invoke(_case: Case, state: State, me: Process) -> Next:
    owner = state.new_owner()
    router = Process("router.started", owner)
    yield state.turn(me, router, me._replace(at="reader.waiting", owner=owner))


def give_up_waiting(case: Case, state: State, me: Process) -> Next:
    if not any(one.owner == me.owner and one.kind == "router" for one in state.processes):
        yield died(case, state, me)
    elif state.faults.expiries:
        yield died(case, state.spend("expiries"), me)


def free(case: Case, state: State, me: Process) -> Next:
    counted = me.standing == "died"
    for after, _ in asking(state, lambda at: scripts.free(at, me.owner, counted=counted)):
        if counted:
            yield died(case, after, me)
        else:  # It pauses and tries all of it again.
            yield after.turn(me, _resting(me)._replace(at="reader.read", is_shared=me.is_shared))


def settle(case: Case, state: State, me: Process) -> Next:
    stays = (me.standing == "busy" and case.keeps(Rule.BUSY_STAYS_PENDING)) or (
        me.passed_on and case.keeps(Rule.PASSED_ON_STAYS_PENDING)
    )
    if me.standing == "spent":
        yield bury(state, me)
    elif stays:
        yield state.turn(me, _resting(me), later=state.later + 1)
    else:
        yield state.turn(me, Process("reader.idle"))


def acknowledge_buried(_case: Case, state: State, me: Process) -> Next:
    yield state.turn(me, Process("reader.idle"))


def died(case: Case, state: State, me: Process) -> State:
    """In halves first; alone it is put off, and a dead letter in the end."""
    if me.is_shared:
        return state.turn(me, _resting(me)._replace(at="reader.read"))
    deaths = me.number + 1
    if case.is_patient or deaths < case.most_deaths:
        return state.turn(me, _resting(me)._replace(number=deaths), later=state.later + 1)
    return bury(state, me)


def bury(state: State, me: Process) -> State:
    return state.turn(me, Process("reader.buried"), excuse="dead letter")


def _resting(me: Process) -> Process:
    return Process("reader.idle", number=me.number)


STEPS: dict[str, Step] = {
    "reader.idle": read,
    "reader.read": invoke,
    "reader.waiting": give_up_waiting,
    "reader.bereaved": free,
    "reader.answered": settle,
    "reader.buried": acknowledge_buried,
}
ALONE = frozenset({"reader.read", "reader.answered", "reader.buried"})
"""They read nothing that others write, and nobody minds when they come."""
