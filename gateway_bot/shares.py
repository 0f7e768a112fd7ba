"""What this gateway carries of all that is to be carried: even shares, handed over in order."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import redis

from gateway_bot.consumers import has_ended
from gateway_bot.liveness import Liveness
from gateway_bot.waiting import is_set_within
from waddlebot.domain.errors import Unavailable
from waddlebot.stores.claims import Claimable, Claims

Job = Callable[[], Awaitable[None]]
Start = Callable[[str, Job, asyncio.Event], Awaitable[None]]
FindMore = Callable[[], Awaitable[Sequence["Unit"]]]

LOOK_SECONDS = 1.0
OVERDUE_SECONDS = 3.0
"""Free for so long: whoever's turn it was does not see it."""
MISSED_SECONDS = 2.5
HAND_OVER_SECONDS = 1.5
AWAY = (Unavailable, redis.RedisError, TimeoutError)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Something that one gateway carries at a time.

    `jobs` are started with the event that ends them; they get `patience_seconds` to finish what
    they hold, then they are cut off. Of units with `most`, a gateway carries no more than that.
    """

    platform: str
    channel: str
    jobs: Callable[[asyncio.Event], Mapping[str, Job]]
    patience_seconds: float = 0.0
    most: int | None = None

    @property
    def place(self) -> tuple[str, str]:
        return self.platform, self.channel

    @property
    def row(self) -> Claimable:
        return Claimable(platform=self.platform, channel=self.channel)


class Term(asyncio.Event):
    """Set when it is over, and also as soon as nobody counts on us any more."""

    def __init__(self, lasts: Callable[[], bool]) -> None:
        super().__init__()
        self._lasts = lasts

    def is_set(self) -> bool:
        if not self._lasts():
            self.set()  # for good: what has ended over it is begun anew with a term of its own
        return super().is_set()


@dataclass(slots=True, kw_only=True)
class Hold:
    """A unit while we carry it."""

    unit: Unit
    term: Term
    tasks: list[asyncio.Task[None]]
    ending: asyncio.Task[None] | None = None

    @property
    def is_over(self) -> bool:
        """A job that came to its end by itself is not begun anew."""
        is_ending = self.ending is not None and not self.ending.done()
        return self.term.is_set() and not is_ending and all(task.done() for task in self.tasks)

    async def end(self, patience_seconds: float) -> None:
        self.term.set()
        running = [task for task in self.tasks if not task.done()]
        if running and patience_seconds:
            await asyncio.wait(running, timeout=patience_seconds)
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running)


@dataclass(slots=True, kw_only=True)
class Shares:
    """Looks once a second; what a look cannot ask for stays as it is as long as we count.

    `find_more` tells what else is to be carried at the moment, beside `units`.
    """

    claims: Claims
    liveness: Liveness
    units: Sequence[Unit]
    start: Start
    find_more: FindMore | None = None
    _holds: dict[tuple[str, str], Hold] = field(default_factory=dict)
    _missed_since: dict[str, float] = field(default_factory=dict)
    _free_since: dict[tuple[str, str], float] = field(default_factory=dict)
    _known: dict[tuple[str, str], Unit] = field(default_factory=dict)

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set; then everything is handed over."""
        try:
            while not stop.is_set():
                await self._look()
                await is_set_within(stop, LOOK_SECONDS)
        finally:
            await self._hand_over()

    def carried(self) -> list[str]:
        """What we carry at the moment: `stream 0`, `discord gateway`."""
        holds = (hold for hold in self._holds.values() if not hold.term.is_set())
        return sorted(" ".join(hold.unit.place) for hold in holds)

    async def _look(self) -> None:
        self._forget_ended()
        try:
            alive = await self.liveness.renew()
            rows = await self._rows()
            await self._share_out(rows, alive)
        except AWAY as error:
            log.warning("shares stay as they are", extra={"why": str(error)})
        if not self.liveness.lasts():
            for hold in self._holds.values():
                self._begin_to_end(hold, release=False)

    async def _rows(self) -> list[Claimable]:
        more = await self.find_more() if self.find_more else ()
        units = {unit.place: unit for unit in (*self.units, *more)}
        if units.keys() != self._known.keys():
            await self._populate(units)
        self._known = units
        rows = await asyncio.to_thread(self.claims.look, self.liveness.name)
        return [row for row in rows if place_of(row) in units]

    async def _populate(self, units: Collection[tuple[str, str]]) -> None:
        changed = {platform for platform, _ in {*units} ^ self._known.keys()}
        for platform in changed:
            channels = [channel for of, channel in units if of == platform]
            await asyncio.to_thread(self.claims.populate, platform, channels)

    async def _share_out(self, rows: Sequence[Claimable], alive: set[str]) -> None:
        me, now = self.liveness.name, asyncio.get_running_loop().time()
        named = (alive | {row.holder for row in rows}) - {me}
        ended = {name for name in named if has_ended(name, me)}
        await self.liveness.forget(ended & alive)
        alive = self._still_alive(rows, alive, now) - ended
        for place, hold in self._holds.items():
            if place not in self._known:
                self._begin_to_end(hold, release=True)
        for row in rows:
            if row.holder != me:  # it was taken from us while we were not seen alive
                self._begin_to_end(self._holds.get(place_of(row)), release=False)
        for group, of_group in self._grouped(rows).items():
            kept = [row for row in of_group if row.holder in alive]
            free = [row for row in of_group if row.holder not in alive]
            overdue = self._overdue(of_group, free, now)
            counts = Counter(dict.fromkeys(alive, 0))
            counts.update(row.holder for row in kept if not self._is_ending(row))
            mine = [row for row in kept if row.holder == me and not self._is_ending(row)]
            mine.sort(key=lambda row: not row.is_live)  # what is off air goes first
            plan = SharePlan(me=me, counts=counts, most=group[1], total=len(of_group))
            surplus = plan.surplus() or plan.in_the_way(kept, free)
            for row in mine[len(mine) - surplus :]:
                self._begin_to_end(self._holds.get(place_of(row)), release=True)
            wanted = plan.turns(free) if not surplus else []
            wanted += [row for row in overdue if row not in wanted]
            wanted = wanted[: plan.room(len(mine))]
            taken = await self._take(wanted, alive, ended) if wanted else []
            self._start([*mine[: len(mine) - surplus], *taken])

    def _grouped(self, rows: Sequence[Claimable]) -> dict[tuple[str, int | None], list[Claimable]]:
        """What is shared out evenly by itself: a platform's channels apart from its other work."""
        most = {place: unit.most for place, unit in self._known.items()}
        groups: dict[tuple[str, int | None], list[Claimable]] = defaultdict(list)
        for row in rows:
            groups[row.platform, most[place_of(row)]].append(row)
        return groups

    def _still_alive(self, rows: Sequence[Claimable], alive: set[str], now: float) -> set[str]:
        """Who was missed at one look may be back at the next: a server that was begun anew knows
        nobody at first."""
        missed = {row.holder for row in rows if row.holder} - alive
        self._missed_since = {name: self._missed_since.get(name, now) for name in missed}
        return alive | {
            name for name, since in self._missed_since.items() if now - since < MISSED_SECONDS
        }

    def _overdue(
        self, rows: Iterable[Claimable], free: Sequence[Claimable], now: float
    ) -> list[Claimable]:
        for row in rows:
            if row in free:
                self._free_since.setdefault(place_of(row), now)
            else:
                self._free_since.pop(place_of(row), None)
        return [row for row in free if now - self._free_since[place_of(row)] > OVERDUE_SECONDS]

    async def _take(
        self, wanted: Sequence[Claimable], alive: Collection[str], ended: Collection[str]
    ) -> list[Claimable]:
        taken = await asyncio.to_thread(
            self.claims.take, self.liveness.name, wanted, alive=alive, ended=ended
        )
        if taken:
            names = [f"{row.platform} {row.channel}" for row in taken]
            log.info("claimed", extra={"claims": names, "gateways": len(alive)})
        return taken

    def _start(self, rows: Iterable[Claimable]) -> None:
        for row in rows:
            place = place_of(row)
            if place in self._holds:
                continue
            unit, term = self._known[place], Term(self.liveness.lasts)
            tasks = [
                asyncio.ensure_future(self.start(name, job, term))
                for name, job in unit.jobs(term).items()
            ]
            self._holds[place] = Hold(unit=unit, term=term, tasks=tasks)

    def _is_ending(self, row: Claimable) -> bool:
        hold = self._holds.get(place_of(row))
        return hold is not None and hold.ending is not None

    def _begin_to_end(self, hold: Hold | None, *, release: bool) -> None:
        if hold is not None and hold.ending is None:
            hold.ending = asyncio.ensure_future(self._end(hold, release=release))

    async def _end(self, hold: Hold, *, release: bool) -> None:
        await hold.end(hold.unit.patience_seconds)
        if release:
            await self._release([hold])

    async def _release(self, holds: Sequence[Hold]) -> None:
        try:
            rows = [hold.unit.row for hold in holds]
            await asyncio.to_thread(self.claims.release, self.liveness.name, rows)
            withdrawn = [row for row in rows if place_of(row) not in self._known]
            if withdrawn:
                await asyncio.to_thread(self.claims.withdraw, withdrawn)
        except Unavailable as error:
            log.warning("claims run out by themselves", extra={"why": str(error)})
        else:
            names = [f"{row.platform} {row.channel}" for row in rows]
            log.info("handed over", extra={"claims": names})

    def _forget_ended(self) -> None:
        self._holds = {place: hold for place, hold in self._holds.items() if not hold.is_over}

    async def _hand_over(self) -> None:
        holds = list(self._holds.values())
        self._holds = {}
        for hold in holds:
            if hold.ending is not None:
                hold.ending.cancel()
        await asyncio.gather(
            *(hold.end(min(HAND_OVER_SECONDS, hold.unit.patience_seconds)) for hold in holds)
        )
        if holds:
            await self._release(holds)
        try:
            await self.liveness.forget([self.liveness.name])
        except AWAY as error:
            log.warning("not signed off", extra={"why": str(error)})


@dataclass(frozen=True, slots=True, kw_only=True)
class SharePlan:
    """Who should carry how much of `total` things: as many each, and at most `most`.

    `counts` is what everybody alive carries.
    """

    me: str
    counts: Mapping[str, int]
    total: int
    most: int | None = None

    @property
    def coming(self) -> int:
        """Free, or so in a moment, and with somebody who may carry it."""
        carried = sum(self.counts.values())
        most = self.total if self.most is None else self.most * len(self.counts)
        return max(0, min(self.total, most) - carried)

    def surplus(self) -> int:
        """How many of ours are too many: above an even share, or one where somebody has two less.

        Who has least gets first what is coming.
        """
        even = -(-(sum(self.counts.values()) + self.coming) // len(self.counts))
        even = even if self.most is None else min(even, self.most)
        if self.counts[self.me] > even:
            return self.counts[self.me] - even
        have = Counter(self.counts)
        for turn in _turns(self.counts, self.coming):
            have[turn] += 1
        return 1 if self.counts[self.me] >= min(have.values()) + 2 else 0

    def in_the_way(self, kept: Sequence[Claimable], free: Sequence[Claimable]) -> int:
        """How many of ours that are off air are given up for others that are on air.

        Only where nobody may carry more, and never for what has a worse priority: it would not be
        taken instead. `kept` are everybody's, both with what comes first in front.
        """
        if self.most is None or any(count < self.most for count in self.counts.values()):
            return 0
        off_air = [row for row in reversed(kept) if not row.is_live]
        waiting = [row for row in free if row.is_live]
        return sum(
            row.holder == self.me and other.priority <= row.priority
            for row, other in zip(off_air, waiting, strict=False)
        )

    def turns(self, free: Sequence[Claimable]) -> list[Claimable]:
        """Of what is free our part."""
        first = free[: self.coming]
        turns = _turns(self.counts, len(first))
        return [row for row, turn in zip(first, turns, strict=True) if turn == self.me]

    def room(self, carried: int) -> int | None:
        """How many more we may take; None where there is no bound."""
        return None if self.most is None else max(0, self.most - carried)


def _turns(counts: Mapping[str, int], number: int) -> list[str]:
    """One by one it is whose turn who has least."""
    have, turns = Counter(counts), []
    for _ in range(number):
        turn = min(have, key=lambda name: (have[name], name))
        have[turn] += 1
        turns.append(turn)
    return turns


def place_of(row: Claimable) -> tuple[str, str]:
    return row.platform, row.channel
