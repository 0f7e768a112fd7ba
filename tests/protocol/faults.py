"""Who dies, whose lease ends, and who is taken for dead."""

from __future__ import annotations

from tests.protocol.states import Case, Process, State, in_order
from tests.protocol.steps import Next, returned


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
