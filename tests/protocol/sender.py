"""The steps of a sender: gateway_bot/senders.py."""

from __future__ import annotations

from tests.protocol.states import Case, Process, Rule, State
from tests.protocol.steps import Next, Step

CONFIRMED = -1
"""In a mark, in place of a sender's run."""


def take(_case: Case, state: State, me: Process) -> Next:
    """The first: replies have marks of their own, so that their order changes nothing."""
    if state.outbox:
        taken = me._replace(at="sender.read", replies=state.outbox[0])
        yield state.turn(me, taken, outbox=state.outbox[1:])


def mark(case: Case, state: State, me: Process) -> Next:
    found = dict(state.marks).get(me.replies)
    if not case.keeps(Rule.MARKED_FIRST):
        yield state.turn(me, me._replace(at="sender.marked"))
    elif found is None:
        yield _marked(state, me.replies, me.number).turn(me, me._replace(at="sender.marked"))
    elif found == CONFIRMED:
        yield state.turn(me, me._replace(at="sender.confirmed"))
    elif found == me.number or not case.keeps(Rule.DOUBT_IS_NOT_SENT):
        yield state.turn(me, me._replace(at="sender.marked"))
    else:
        yield _doubted(case, state, me)


def send(case: Case, state: State, me: Process) -> Next:
    shown = state._replace(shown=state.shown + me.replies)
    yield shown.turn(me, me._replace(at="sender.sent"))
    if state.faults.blips:
        # The platform asks to wait: the mark is taken back; or it does not answer.
        blipped, unknown = state.spend("blips"), shown.spend("blips")
        mine = tuple(one for one in state.marks if one != (me.replies, me.number))
        yield blipped.turn(me, me._replace(at="sender.read"), marks=mine)
        yield _doubted(case, blipped, me)
        yield _doubted(case, unknown, me)


def confirm(_case: Case, state: State, me: Process) -> Next:
    yield _marked(state, me.replies, CONFIRMED).turn(me, me._replace(at="sender.confirmed"))


def acknowledge_sent(_case: Case, state: State, me: Process) -> Next:
    yield state.turn(me, Process("sender.idle", number=me.number))


def _doubted(case: Case, state: State, me: Process) -> State:
    listed = me.replies if case.keeps(Rule.DOUBT_IS_LISTED) else ""
    return state.turn(me, me._replace(at="sender.sent"), in_doubt=state.in_doubt + listed)


def _marked(state: State, reply: str, by: int) -> State:
    return state._replace(marks=tuple(sorted((dict(state.marks) | {reply: by}).items())))


STEPS: dict[str, Step] = {
    "sender.idle": take,
    "sender.read": mark,
    "sender.marked": send,
    "sender.sent": confirm,
    "sender.confirmed": acknowledge_sent,
}
