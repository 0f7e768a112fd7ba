"""The steps of ingress, router, slow door, reader and sender, each named by where it stands.

They follow receive.py, route.py, slow_handler.py, reader.py and senders.py. A step yields every
state that may come of it; whoever stands before it may die there instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.protocol import scripts
from tests.protocol.states import NOBODY, QUICK, SLOW, Case, Process, Rule, State, in_order

Next = Iterator[State]
Step = Callable[[Case, State, Process], Next]

CONFIRMED = -1
"""In a mark, in place of a sender's run."""
STEPS: dict[str, Step] = {}
ALONE: set[str] = set()


def step(at: str, *, alone: bool = False) -> Callable[[Step], Step]:
    """`alone`: it reads nothing that others write, and they do not mind when it comes."""

    def named(function: Step) -> Step:
        STEPS[at] = function
        ALONE.update([at] if alone else [])
        return function

    return named


def asking(
    state: State, script: Callable[[State], scripts.Answer]
) -> Iterator[tuple[State, str | None]]:
    """All that may come of one round trip to the streams server; None where no answer came."""
    after, answer = script(state)
    yield after, answer
    if state.faults.blips:
        yield state.spend("blips"), None
        yield after.spend("blips"), None
        again, repeated = script(after)
        yield again.spend("blips"), repeated


# Ingress


@step("ingress.told")
def store(_case: Case, state: State, me: Process) -> Next:
    for after, answer in asking(state, lambda at: (at._replace(entries=at.entries + 1), "stored")):
        # 503 where it is away: the platform tells it again.
        yield after.turn(me, me._replace(at="ingress.stored") if answer else me)


@step("ingress.stored", alone=True)
def acknowledge(_case: Case, state: State, me: Process) -> Next:
    yield state.turn(me)


@step("ingress.asked", alone=True)
def ask(_case: Case, state: State, me: Process) -> Next:
    owner = state.new_owner()
    router = Process("router.started", owner, is_asked=True)
    yield state.turn(me, router, Process("ingress.waiting", owner))


@step("ingress.waiting")
def wait_no_longer(_case: Case, state: State, me: Process) -> Next:
    yield state.turn(me, Process("ingress.deferring"))


@step("ingress.answered", alone=True)
def answer(case: Case, state: State, me: Process) -> Next:
    passed_on = me.passed_on and case.keeps(Rule.PASSED_ON_IS_DEFERRED)
    if me.standing == "busy" or passed_on:
        yield state.turn(me, Process("ingress.deferring"))
    else:
        yield state.turn(me, shown=state.shown + me.replies)


@step("ingress.deferring")
def defer(case: Case, state: State, me: Process) -> Next:
    """`owner` is that of a router that is known to be dead. Two tries count as one here."""
    for after, deferred in asking(state, lambda at: scripts.defer(case, at, me.owner)):
        if deferred:
            yield after.turn(me, Process("ingress.deferred"))
        else:
            yield after.turn(me, excuse="a sentence was said")


@step("ingress.deferred", alone=True)
def say_deferred(_case: Case, state: State, me: Process) -> Next:
    yield state.turn(me)


# Router


@step("router.started")
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


@step("router.begun")
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


@step("router.called")
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


@step("router.settled")
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


@step("router.opened")
def return_passed_on(_case: Case, state: State, me: Process) -> Next:
    yield returned(state, me, "answered")


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


# Slow door


def slow_door(router: Process) -> Process:
    return Process("slow.started", router.owner, is_asked=router.is_asked)


@step("slow.started")
def take_over(case: Case, state: State, me: Process) -> Next:
    if not case.keeps(Rule.SLOW_DOOR_TAKES_OVER):
        yield state.turn(me, me._replace(at="slow.begun"))
        return
    own = state.new_owner()
    for after, taken in asking(state, lambda at: scripts.pass_on(at, me.owner, own)):
        begun = [me._replace(at="slow.begun", owner=own)] if taken == "ours" else []
        yield after.turn(me, *begun)


@step("slow.begun")
def call_slow(case: Case, state: State, me: Process) -> Next:
    def script(at: State) -> scripts.Answer:
        return scripts.finish(case, at, me.owner, SLOW, asked=me.is_asked, last=True)

    state = state._replace(called=state.called + SLOW)
    for after, _ in asking(state, script):
        yield after.turn(me)


# Reader


@step("reader.idle")
def read(case: Case, state: State, me: Process) -> Next:
    """Alone or with others. What was put off comes when its lease is over: sooner it is busy."""
    if state.entries:
        for is_shared in (False,) if case.is_patient else (False, True):
            one = me._replace(at="reader.read", is_shared=is_shared)
            yield state.turn(me, one, entries=state.entries - 1)
    if state.later and not (state.receipt.state == "running" and state.receipt.is_leased):
        yield state.turn(me, me._replace(at="reader.read"), later=state.later - 1)


@step("reader.read", alone=True)
def invoke(_case: Case, state: State, me: Process) -> Next:
    owner = state.new_owner()
    router = Process("router.started", owner)
    yield state.turn(me, router, me._replace(at="reader.waiting", owner=owner))


@step("reader.waiting")
def give_up_waiting(case: Case, state: State, me: Process) -> Next:
    if not any(one.owner == me.owner and one.kind == "router" for one in state.processes):
        yield died(case, state, me)
    elif state.faults.expiries:
        yield died(case, state.spend("expiries"), me)


@step("reader.bereaved")
def free(case: Case, state: State, me: Process) -> Next:
    counted = me.standing == "died"
    for after, _ in asking(state, lambda at: scripts.free(at, me.owner, counted=counted)):
        if counted:
            yield died(case, after, me)
        else:  # It pauses and tries all of it again.
            yield after.turn(me, _resting(me)._replace(at="reader.read", is_shared=me.is_shared))


@step("reader.answered", alone=True)
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


@step("reader.buried", alone=True)
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


# Sender


@step("sender.idle")
def take(_case: Case, state: State, me: Process) -> Next:
    """The first: replies have marks of their own, so that their order changes nothing."""
    if state.outbox:
        taken = me._replace(at="sender.read", replies=state.outbox[0])
        yield state.turn(me, taken, outbox=state.outbox[1:])


@step("sender.read")
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


@step("sender.marked")
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


@step("sender.sent")
def confirm(_case: Case, state: State, me: Process) -> Next:
    yield _marked(state, me.replies, CONFIRMED).turn(me, me._replace(at="sender.confirmed"))


@step("sender.confirmed")
def acknowledge_sent(_case: Case, state: State, me: Process) -> Next:
    yield state.turn(me, Process("sender.idle", number=me.number))


def _doubted(case: Case, state: State, me: Process) -> State:
    listed = me.replies if case.keeps(Rule.DOUBT_IS_LISTED) else ""
    return state.turn(me, me._replace(at="sender.sent"), in_doubt=state.in_doubt + listed)


def _marked(state: State, reply: str, by: int) -> State:
    return state._replace(marks=tuple(sorted((dict(state.marks) | {reply: by}).items())))


# What goes wrong


def deaths(case: Case, state: State, me: Process) -> Next:
    """`me` ends where it stands; another one takes over what it leaves."""
    match me.kind:
        case "router":
            yield state.turn(me)  # Its caller waits in vain,
            yield returned(state, me, "died")  # or hears of it.
        case "ingress" if case.is_asked:
            told = me.at == "ingress.deferred"
            yield state.turn(me, excuse=state.excuse if told else "ingress died")
        case "ingress":
            # The platform had no answer and tells it again.
            yield state.turn(me, Process("ingress.told"))
        case "slow":
            yield state.turn(me)
        case _:
            yield left_behind(state, me).turn(me)


def left_behind(state: State, me: Process) -> State:
    """A new reader or sender takes over what `me` has pending."""
    if me.kind == "reader":
        return state.turn(None, Process("reader.idle"), entries=state.entries + 1)
    run = 1 + max(one.number for one in state.processes if one.kind == "sender")
    new = Process("sender.idle", number=run)
    return state.turn(None, new, outbox=in_order(state.outbox, me.replies))


def expiries(state: State) -> Next:
    """A lease ends, of the dead in the end always; or who lives is taken for dead."""
    receipt = state.receipt
    if receipt.state == "running" and receipt.is_leased:
        ended = state._replace(receipt=receipt._replace(is_leased=False))
        is_alive = any(
            one.owner == receipt.owner and one.kind in ("router", "slow") for one in state.processes
        )
        if not is_alive:
            yield ended
        elif state.faults.expiries:
            yield ended.spend("expiries")
