"""The model of calls that reach out: begin, work, keep, for several calls in one event.

A call is a number. Its row on disk is what `stores/begun_calls.py` keeps of it; the world outside
counts how often it was asked. Whatever happens around the event is the other model's business: here
somebody delivers it, again where its router died, and what is shown first stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

OK, DOUBT, FAILED = "ok", "doubt", "failed"
CRASH_POINTS = ("call.started", "call.begun", "call.asking", "call.asked", "call.kept")


class Rule(StrEnum):
    """What such calls rest on. Each can be broken, to see that the model notices."""

    BEGUN_FIRST = "nobody works on a call before it is begun on disk"
    LEASES_HOLD = "a call whose lease runs is nobody else's"
    NOTED_FIRST = "what must not be done twice is asked for when that is on disk"
    ASKING_CHECKS_OWNER = "whoever lost the call asks for nothing of that kind"
    ONLY_REPEATABLE = "only what may be done twice is taken over"
    KEEP_CHECKS_OWNER = "whoever lost the call keeps nothing"
    KEEP_CHECKS_DEADLINE = "what was reported as failed is not kept"
    KEPT_IS_SAID_AGAIN = "what was kept is said again, and not done"
    DOUBT_IS_KEPT = "what is in doubt stays so"


class Row(NamedTuple):
    """`owner` 0 is nobody. `asks`: for what must not be done twice. `answer` is empty until
    something was kept.
    """

    owner: int = 0
    is_leased: bool = False
    asks: bool = False
    answer: str = ""


class Work(NamedTuple):
    """A module's invocation for call number `call`, which stands `at` one of the points.

    `router` waits for it; 0 where that died. Or it gave up, which makes it `is_late`.
    """

    owner: int
    call: int
    at: str
    router: int
    answer: str = ""
    is_late: bool = False


class Router(NamedTuple):
    """`heard` are the answers so far; whether it waits for the next one."""

    name: int
    heard: tuple[str, ...] = ()
    waits: bool = False


class State(NamedTuple):
    """`asked` and `kept` count for each call; `shown` is empty until all of them are.

    `kept_late`: something was kept after it had been reported as failed.
    """

    crashes: int
    expiries: int
    rivals: int
    rows: tuple[Row, ...]
    routers: tuple[Router, ...] = (Router(1),)
    works: tuple[Work, ...] = ()
    asked: tuple[int, ...] = ()
    kept: tuple[int, ...] = ()
    shown: tuple[str, ...] = ()
    kept_late: bool = False

    def new_name(self) -> int:
        """The lowest that nobody bears, so that equal states are equal."""
        used = {
            *(row.owner for row in self.rows),
            *(one.name for one in self.routers),
            *(name for one in self.works for name in (one.owner, one.router)),
        }
        return next(name for name in range(1, 99) if name not in used)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    calls: int = 2
    is_repeatable: bool = False
    crashes: int = 2
    expiries: int = 1
    rivals: int = 1
    broken: Rule | None = None

    def keeps(self, rule: Rule) -> bool:
        return rule is not self.broken

    def without(self, rule: Rule) -> Case:
        return replace(self, broken=rule)

    def start(self) -> State:
        none = (0,) * self.calls
        rows = (Row(),) * self.calls
        return State(self.crashes, self.expiries, self.rivals, rows, asked=none, kept=none)


def explore(case: Case) -> tuple[str, set[tuple[str, ...]]]:
    """What is wrong, or nothing; and everything that may be shown in the end."""
    ends: set[tuple[str, ...]] = set()
    for state, following in _walk(case):
        if wrong := _wrong(case, state):
            return wrong, ends
        if not following:
            ends.add(state.shown)
            if len(state.shown) != case.calls:
                return f"nothing is shown in the end: {state}", ends
    return "", ends


def died_at(case: Case) -> set[str]:
    """Where somebody ends in one of the orders of all steps."""
    return {work.at for state, _ in _walk(case) if state.crashes for work in state.works}


def _walk(case: Case) -> Iterator[tuple[State, list[State]]]:
    """Every state that may come to be, with those that may follow it."""
    seen, waiting = {case.start()}, [case.start()]
    while waiting:
        state = waiting.pop()
        following = list(_steps(case, state))
        yield state, following
        for one in following:
            if one not in seen:
                seen.add(one)
                waiting.append(one)


def _wrong(case: Case, state: State) -> str:
    if state.kept_late:
        return f"reported as failed, and then kept: {state}"
    for call in range(case.calls):
        if state.kept[call] > 1:
            return f"kept twice: {state}"
        if state.asked[call] > 1 and not case.is_repeatable:
            return f"asked outside twice: {state}"
        if state.shown and state.shown[call] == OK and not state.kept[call]:
            return f"said to be done, and nothing was kept: {state}"
        if state.shown and state.shown[call] == DOUBT and state.kept[call]:
            return f"said to be in doubt, and then kept: {state}"
    return ""


def _steps(case: Case, state: State) -> Iterator[State]:
    for work in state.works:
        yield from _module(case, state, work)
    for router in state.routers:
        yield from _router(case, state, router)
    yield from _expiries(state)
    if state.rivals and len(state.routers) == 1 and not state.shown:
        rival = Router(state.new_name())
        routers = _sorted(*state.routers, rival)
        yield state._replace(rivals=state.rivals - 1, routers=routers)
    if not state.routers and not state.shown:
        yield state._replace(routers=(Router(state.new_name()),))  # it is delivered again


def _router(case: Case, state: State, me: Router) -> Iterator[State]:
    rest = tuple(one for one in state.routers if one != me)
    if len(me.heard) == case.calls:
        yield state._replace(routers=rest, shown=state.shown or me.heard)
    elif not me.waits:
        work = Work(state.new_name(), len(me.heard), "call.started", me.name)
        routers = _sorted(*rest, me._replace(waits=True))
        yield state._replace(routers=routers, works=_sorted(*state.works, work))
    elif state.expiries:
        # It waited as long as it may, and says so; whoever works for it knows when that was.
        given_up = me._replace(heard=(*me.heard, FAILED), waits=False)
        works = _sorted(
            *(one._replace(is_late=True) if one.router == me.name else one for one in state.works)
        )
        routers = _sorted(*rest, given_up)
        yield state._replace(expiries=state.expiries - 1, routers=routers, works=works)
    if state.crashes:
        works = _sorted(
            *(one._replace(router=0) if one.router == me.name else one for one in state.works)
        )
        yield state._replace(crashes=state.crashes - 1, routers=rest, works=works)


def _module(case: Case, state: State, me: Work) -> Iterator[State]:
    rest = tuple(one for one in state.works if one != me)
    match me.at:
        case "call.started":
            yield from _begin(case, state, me, rest)
        case "call.begun":
            yield _note(case, state, me, rest)
        case "call.asking":
            asked = _plus(state.asked, me.call)
            yield state._replace(asked=asked, works=_sorted(*rest, me._replace(at="call.asked")))
        case "call.asked":
            yield from _keep(case, state, me, rest)
        case _:
            yield _answered(state, me, rest, me.answer)
    if state.crashes:
        yield _answered(state._replace(crashes=state.crashes - 1), me, rest, FAILED)


def _begin(case: Case, state: State, me: Work, rest: tuple[Work, ...]) -> Iterator[State]:
    row = state.rows[me.call]
    working = _sorted(*rest, me._replace(at="call.begun"))
    if row.answer and case.keeps(Rule.KEPT_IS_SAID_AGAIN):
        said = me._replace(at="call.kept", answer=row.answer)
        yield state._replace(works=_sorted(*rest, said))
    elif row.owner and row.is_leased and case.keeps(Rule.LEASES_HOLD):
        return  # it waits: for the answer, for the end of the lease, or until nobody waits for it
    elif row.owner and row.asks and case.keeps(Rule.ONLY_REPEATABLE):
        answer = DOUBT if case.keeps(Rule.DOUBT_IS_KEPT) else ""
        rows = _put(state.rows, me.call, row._replace(answer=answer))
        said = me._replace(at="call.kept", answer=DOUBT)
        yield state._replace(rows=rows, works=_sorted(*rest, said))
    elif not case.keeps(Rule.BEGUN_FIRST):
        yield state._replace(works=working)
    else:
        taken = row._replace(owner=me.owner, is_leased=True)
        yield state._replace(rows=_put(state.rows, me.call, taken), works=working)


def _note(case: Case, state: State, me: Work, rest: tuple[Work, ...]) -> State:
    """What may be done twice is not noted."""
    asking = state._replace(works=_sorted(*rest, me._replace(at="call.asking")))
    if case.is_repeatable or not case.keeps(Rule.NOTED_FIRST):
        return asking
    row = state.rows[me.call]
    if (row.owner != me.owner or row.answer) and case.keeps(Rule.ASKING_CHECKS_OWNER):
        return _answered(state, me, rest, FAILED)
    return asking._replace(rows=_put(state.rows, me.call, row._replace(asks=True)))


def _keep(case: Case, state: State, me: Work, rest: tuple[Work, ...]) -> Iterator[State]:
    row = state.rows[me.call]
    is_mine = row.owner == me.owner and not row.answer
    if not is_mine and case.keeps(Rule.KEEP_CHECKS_OWNER):
        yield _answered(state, me, rest, FAILED)
    elif me.is_late and case.keeps(Rule.KEEP_CHECKS_DEADLINE):
        # What was asked outside cannot be taken back: it is listed, unless it may be done twice.
        left = Row() if case.is_repeatable else row._replace(answer=DOUBT)
        rows = _put(state.rows, me.call, left)
        yield _answered(state._replace(rows=rows), me, rest, FAILED)
    else:
        rows = _put(state.rows, me.call, row._replace(answer=OK))
        said = me._replace(at="call.kept", answer=OK)
        kept = _plus(state.kept, me.call)
        yield state._replace(rows=rows, kept=kept, works=_sorted(*rest, said), kept_late=me.is_late)


def _answered(state: State, me: Work, rest: tuple[Work, ...], answer: str) -> State:
    """It has ended; its router hears of it, if there is one that waits for it."""
    state = state._replace(works=rest)
    for router in state.routers:
        if router.name == me.router and router.waits and not me.is_late:
            others = (one for one in state.routers if one != router)
            told = Router(router.name, (*router.heard, answer))
            return state._replace(routers=_sorted(*others, told))
    return state


def _expiries(state: State) -> Iterator[State]:
    """The lease of one that has died ends always, that of one that lives if clocks differ."""
    for call, row in enumerate(state.rows):
        if row.owner and row.is_leased and not row.answer:
            lives = any(one.owner == row.owner and one.call == call for one in state.works)
            rows = _put(state.rows, call, row._replace(is_leased=False))
            if not lives:
                yield state._replace(rows=rows)
            elif state.expiries:
                yield state._replace(rows=rows, expiries=state.expiries - 1)


def _put(rows: tuple[Row, ...], call: int, row: Row) -> tuple[Row, ...]:
    return (*rows[:call], row, *rows[call + 1 :])


def _plus(counts: tuple[int, ...], call: int) -> tuple[int, ...]:
    return (*counts[:call], counts[call] + 1, *counts[call + 1 :])


def _sorted(*those: tuple) -> tuple:  # type: ignore[type-arg]
    return tuple(sorted(those))
