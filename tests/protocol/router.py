"""The steps of the router and its slow door: functions/router/{route,slow_handler}.py."""

from __future__ import annotations

from tests.protocol import scripts
from tests.protocol.states import QUICK, SLOW, Case, Process, Rule, State
from tests.protocol.steps import Next, Step, asking, returned


def begin(case: Case, state: State, me: Process) -> Next:
    def script(at: State) -> scripts.Answer:
        return scripts.begin(case, at, me.owner, told=not me.is_asked)

    for after, standing in asking(state, script):
        if standing is None and not me.is_asked:
            yield returned(after, me, "unavailable")
        elif standing in ("ours", None):
            # While the server is away, asked events are run without a receipt.
            yield after.turn(me, me._replace(at="router.begun"))
        else:
            replies = after.receipt.kept if me.is_asked and standing == "done" else ""
            yield after.turn(
                me, me._replace(at="router.settled", standing=standing, replies=replies)
            )


def call(case: Case, state: State, me: Process) -> Next:
    """The quick call is made, the slow one is passed on; what is not taken has failed: a line."""
    quick = QUICK if QUICK in case.calls else ""
    state = state._replace(called=state.called + quick)
    if SLOW not in case.calls:
        yield state.turn(me, me._replace(at="router.called", replies=quick))
        return
    for after, passed in asking(state, lambda at: scripts.pass_on(at, me.owner, me.owner)):
        if passed == "ours":
            called = me._replace(at="router.called", replies=quick, passed_on=True)
            opened = [] if case.keeps(Rule.SLOW_DOOR_OPENS_LAST) else [slow_door(me)]
            yield after.turn(me, called, *opened)
        else:
            yield after.turn(me, me._replace(at="router.called", replies=quick + SLOW))


def hand_over(case: Case, state: State, me: Process) -> Next:
    last = not me.passed_on
    inline_at_worst = me.is_asked and (last or not case.keeps(Rule.WAVES_ARE_CONFIRMED))

    def script(at: State) -> scripts.Answer:
        return scripts.finish(case, at, me.owner, me.replies, asked=me.is_asked, last=last)

    for after, fate in asking(state, script):
        if fate is None and not inline_at_worst:
            yield returned(after, me, "unavailable")
        else:
            is_inline = me.is_asked and fate in ("kept", None)
            standing = "busy" if fate == "lost" else "ours"
            replies = me.replies if is_inline else ""
            settled = me._replace(at="router.settled", standing=standing, replies=replies)
            yield after.turn(me, settled._replace(passed_on=me.passed_on and fate != "lost"))


def open_slow_door(case: Case, state: State, me: Process) -> Next:
    if not me.passed_on or not case.keeps(Rule.SLOW_DOOR_OPENS_LAST):
        yield returned(state, me, "answered")
        return
    opened = me._replace(at="router.opened")
    yield state.turn(me, opened, slow_door(me))
    yield state.turn(me, opened, slow_door(me), slow_door(me))  # Lambda may start it twice.
    if state.faults.blips:
        blipped = state.spend("blips")
        ended, _ = scripts.pass_on(blipped, me.owner, me.owner, leased=False)
        yield returned(ended, me, "unavailable")
        yield returned(ended.turn(None, slow_door(me)), me, "unavailable")


def return_passed_on(_case: Case, state: State, me: Process) -> Next:
    yield returned(state, me, "answered")


def slow_door(router: Process) -> Process:
    return Process("slow.started", router.owner, is_asked=router.is_asked)


def take_over(case: Case, state: State, me: Process) -> Next:
    if not case.keeps(Rule.SLOW_DOOR_TAKES_OVER):
        yield state.turn(me, me._replace(at="slow.begun"))
        return
    own = state.new_owner()
    for after, taken in asking(state, lambda at: scripts.pass_on(at, me.owner, own)):
        begun = [me._replace(at="slow.begun", owner=own)] if taken == "ours" else []
        yield after.turn(me, *begun)


def call_slow(case: Case, state: State, me: Process) -> Next:
    def script(at: State) -> scripts.Answer:
        return scripts.finish(case, at, me.owner, SLOW, asked=me.is_asked, last=True)

    state = state._replace(called=state.called + SLOW)
    for after, _ in asking(state, script):
        yield after.turn(me)


STEPS: dict[str, Step] = {
    "router.started": begin,
    "router.begun": call,
    "router.called": hand_over,
    "router.settled": open_slow_door,
    "router.opened": return_passed_on,
    "slow.started": take_over,
    "slow.begun": call_slow,
}
