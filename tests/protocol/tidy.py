"""States without what nobody looks at any more, so that fewer of them differ."""

from __future__ import annotations

from collections.abc import Iterator

from tests.protocol.states import NOBODY, Case, Process, Receipt, State

_WAITING = ("ingress.waiting", "reader.waiting")


def tidy(case: Case, state: State) -> State:
    """Not for a case whose rules are broken: then somebody may look all the same."""
    if case.broken:
        return state
    receipt = _tidy_receipt(case, state)
    names = {NOBODY: NOBODY}
    names[receipt.owner] = names.get(receipt.owner, 1)
    processes = []
    for one in _relevant(state, receipt.owner):
        owner = names.setdefault(one.owner, len(names))
        number = 0 if case.is_patient and one.kind == "reader" else one.number
        is_same = (owner, number) == (one.owner, one.number)
        processes.append(one if is_same else one._replace(owner=owner, number=number))
    return state._replace(
        called=state.called if state.faults == case.faults else "",
        processes=tuple(sorted(processes)),
        receipt=receipt._replace(owner=names[receipt.owner]),
    )


def _tidy_receipt(case: Case, state: State) -> Receipt:
    receipt = state.receipt
    is_over = all(one.kind == "sender" or one.at == "reader.idle" for one in state.processes)
    if is_over and not (state.entries or state.later):
        return Receipt()
    if receipt.state == "done":
        return Receipt(state="done", kept=receipt.kept)
    return receipt._replace(attempts=0) if case.is_patient else receipt


def _relevant(state: State, owner: int) -> Iterator[Process]:
    """Whom nobody waits for and who owns nothing any more does nothing that matters."""
    heard = {one.owner for one in state.processes if one.at in _WAITING}
    for one in state.processes:
        is_heard = one.at == "router.started" or (one.kind == "router" and one.owner in heard)
        if one.at == "ingress.deferring" and one.owner != owner:
            yield one._replace(owner=NOBODY)
        elif one.kind not in ("router", "slow") or is_heard or one.owner == owner:
            yield one
