"""The scripts of stores/receipts.py on the model's state; test_scripts.py compares the two."""

from __future__ import annotations

from tests.protocol.states import Case, Rule, State

Answer = tuple[State, str]


def begin(case: Case, state: State, owner: int, *, told: bool, leased: bool = True) -> Answer:
    receipt = state.receipt
    if receipt.state == "done":
        return (_send_left(case, state) if told else state), "done"
    if receipt.state and receipt.owner != owner:
        if receipt.is_leased and case.keeps(Rule.BEGIN_RESPECTS_LEASES):
            return state, "busy"
        if receipt.attempts >= case.most_attempts and not case.is_patient:
            return state, "spent"
    attempts = receipt.attempts + (receipt.owner != owner)
    taken = receipt._replace(state="running", owner=owner, is_leased=leased, attempts=attempts)
    return state._replace(receipt=taken), "ours"


def pass_on(state: State, owner: int, new_owner: int, *, leased: bool = True) -> Answer:
    receipt = state.receipt
    if receipt.state != "running" or receipt.owner not in (owner, new_owner):
        return state, "lost"
    return state._replace(receipt=receipt._replace(owner=new_owner, is_leased=leased)), "ours"


def finish(
    case: Case,
    state: State,
    owner: int,
    replies: str,
    *,
    asked: bool,
    last: bool,
    always: str = "",
) -> Answer:
    receipt = state.receipt
    if not receipt.state:
        taken = {"state": "running", "owner": owner, "is_leased": False, "attempts": 1}
        receipt = receipt._replace(**taken)
    is_mine = (receipt.state, receipt.owner) == ("running", owner)
    if not is_mine and case.keeps(Rule.FINISH_CHECKS_THE_OWNER):
        return state, "lost"
    is_kept = asked and last and not receipt.is_deferred
    leaving = (
        always if is_kept and case.keeps(Rule.FINISH_KEEPS_FOR_THE_ASKER) else always + replies
    )
    if receipt.has_waves or not last:
        fresh = "".join(one for one in leaving if one not in receipt.left)
        if case.keeps(Rule.FINISH_KNOWS_WHAT_LEFT):
            leaving = fresh
            receipt = receipt._replace(left=receipt.left + fresh)
    if last:
        receipt = receipt._replace(state="done", kept=replies if is_kept else receipt.kept)
    else:
        receipt = receipt._replace(is_deferred=True, has_waves=True)
    return state._replace(receipt=receipt).append(leaving), "kept" if is_kept else "sent"


def defer(case: Case, state: State, dead_owner: int) -> Answer:
    state = state._replace(entries=state.entries + case.keeps(Rule.DEFER_APPENDS))
    receipt = state.receipt
    if receipt.state == "done":
        return _send_left(case, state), "deferred"
    is_dead = bool(dead_owner) and receipt.owner == dead_owner
    is_leased = receipt.is_leased and not is_dead
    marked = receipt._replace(is_deferred=True, is_leased=is_leased)
    return state._replace(receipt=marked), "deferred"


def free(state: State, dead_owner: int, *, counted: bool) -> Answer:
    receipt = state.receipt
    if (receipt.state, receipt.owner) == ("running", dead_owner):
        attempts = receipt.attempts - (not counted)
        receipt = receipt._replace(is_leased=False, attempts=attempts)
    return state._replace(receipt=receipt), "free"


def _send_left(case: Case, state: State) -> State:
    kept = state.receipt.kept
    if not case.keeps(Rule.LEFT_LEAVES):
        return state
    rest = "" if case.keeps(Rule.LEFT_LEAVES_ONCE) else kept
    return state._replace(receipt=state.receipt._replace(kept=rest)).append(kept)
