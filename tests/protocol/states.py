"""What the model of the delivery protocol looks at: one event and all that is known of it.

An event's calls, and the one line that each shows, are letters: `q` is a quick call, `s` a slow
one. States are tuples, so that they can be compared and kept by the hundred thousand.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from gateway_bot.reader import MOST_DEATHS
from waddlebot.stores.receipts import MOST_ATTEMPTS

QUICK, SLOW = "q", "s"
NOBODY = 0


class Rule(StrEnum):
    """What the protocol rests on. Each can be broken, to see that the model notices."""

    BEGIN_RESPECTS_LEASES = "begin respects the lease of another"
    FINISH_CHECKS_THE_OWNER = "finish does nothing for whoever is not the owner"
    FINISH_KEEPS_FOR_THE_ASKER = "finish keeps an asker's replies off the stream"
    FINISH_KNOWS_WHAT_LEFT = "the receipt names what left in a wave"
    WAVES_ARE_CONFIRMED = "a wave of unknown fate is not shown inline"
    LEFT_LEAVES = "what was left for ingress leaves when the event is deferred"
    LEFT_LEAVES_ONCE = "what was left for ingress leaves once"
    DEFER_APPENDS = "defer appends the event"
    PASSED_ON_IS_DEFERRED = "ingress defers what was passed on"
    SLOW_DOOR_OPENS_LAST = "the slow door opens after the wave was handed over"
    SLOW_DOOR_TAKES_OVER = "the slow door takes the event over"
    BUSY_STAYS_PENDING = "the reader keeps what is busy"
    PASSED_ON_STAYS_PENDING = "the reader keeps what was passed on"
    MARKED_FIRST = "the sender marks, then sends"
    DOUBT_IS_NOT_SENT = "what is in doubt is not sent again"
    DOUBT_IS_LISTED = "what is in doubt is listed"


class Faults(NamedTuple):
    """How often something may go wrong.

    `crashes`: a process ends between two steps. `expiries`: a lease ends, or a patience, while its
    owner lives. `blips`: a server is away for one step, or its answer is lost, or it is told twice.
    `rivals`: a reader or sender that lives is taken for dead.
    """

    crashes: int = 0
    expiries: int = 0
    blips: int = 0
    rivals: int = 0

    def __str__(self) -> str:
        return ", ".join(f"{count} {kind}" for kind, count in self._asdict().items() if count)


NO_FAULTS = Faults()


class Receipt(NamedTuple):
    state: str = ""
    owner: int = NOBODY
    is_leased: bool = False
    attempts: int = 0
    is_deferred: bool = False
    has_waves: bool = False
    left: str = ""
    kept: str = ""


class Process(NamedTuple):
    """One that is `at` a place between two steps: "router.begun".

    `owner` is its name in receipts; a caller's is the name that it gave to the one it called.
    `replies` and `passed_on` are in its hands. `number`: a reader's deaths, a sender's run.
    """

    at: str
    owner: int = NOBODY
    is_asked: bool = False
    standing: str = "ours"
    replies: str = ""
    passed_on: bool = False
    number: int = 0
    is_shared: bool = False

    @property
    def kind(self) -> str:
        return self.at.partition(".")[0]


class State(NamedTuple):
    """`entries` wait on the event stream, `later` for another try; `outbox` is the reply stream.

    `called`, `appended` and `shown` have a letter for each time that it happened. `excuse`: why
    nobody may see an answer.
    """

    faults: Faults
    processes: tuple[Process, ...]
    receipt: Receipt = Receipt()
    entries: int = 0
    later: int = 0
    outbox: str = ""
    marks: tuple[tuple[str, int], ...] = ()
    called: str = ""
    appended: str = ""
    shown: str = ""
    in_doubt: str = ""
    excuse: str = ""

    def turn(self, before: Process | None, *after: Process, **fields: object) -> State:
        """One process in place of another, and what else changes."""
        rest = list(self.processes)
        if before:
            rest.remove(before)
        changed = self._replace(**fields) if fields else self  # type: ignore[arg-type]
        return changed._replace(processes=tuple(sorted((*rest, *after))))

    def append(self, replies: str) -> State:
        """To the reply stream."""
        return self._replace(
            outbox=in_order(self.outbox, replies), appended=in_order(self.appended, replies)
        )

    def spend(self, kind: str) -> State:
        left = {kind: getattr(self.faults, kind) - 1}
        return self._replace(faults=self.faults._replace(**left))

    def new_owner(self) -> int:
        """A name that nobody bears; the lowest, so that equal states are equal."""
        used = {self.receipt.owner, *(one.owner for one in self.processes)}
        return next(number for number in range(1, 99) if number not in used)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A small case, and how often things go wrong in it."""

    is_asked: bool
    calls: str
    faults: Faults = NO_FAULTS
    most_attempts: int = MOST_ATTEMPTS
    most_deaths: int = MOST_DEATHS
    is_patient: bool = True
    broken: Rule | None = None

    def keeps(self, rule: Rule) -> bool:
        return rule is not self.broken

    def without(self, rule: Rule) -> Case:
        return replace(self, broken=rule)

    def __str__(self) -> str:
        return f"{'asked' if self.is_asked else 'told'} {self.calls}"

    def start(self) -> State:
        ingress = Process("ingress.asked" if self.is_asked else "ingress.told")
        others = (Process("reader.idle"), Process("sender.idle"))
        return State(self.faults, (ingress, *others))


def in_order(*texts: str) -> str:
    return "".join(sorted("".join(texts)))
