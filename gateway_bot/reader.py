"""Carries told events from the stream to the router, in order, in batches (docs/delivery.md)."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import msgspec

from gateway_bot.consumers import Consumer, StreamEntry
from gateway_bot.prefixes import Prefixes
from gateway_bot.waiting import is_set_within, unless_set
from waddlebot.domain.completions import (
    PATIENCE,
    Completing,
    decode_choices,
    encode_completing,
)
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import Event
from waddlebot.domain.matches import Standing
from waddlebot.domain.releases import OfNewerRelease
from waddlebot.domain.routing import Routed, decode_answer, encode_batch
from waddlebot.runtime.invoke import Invoker
from waddlebot.runtime.invoke_errors import FunctionFailed, NotStarted
from waddlebot.stores.keys import Partition
from waddlebot.stores.letter_box import LetterBox
from waddlebot.stores.receipts import ReceiptStore
from waddlebot.stores.streams import NewerEntry, decode_event
from waddlebot_sdk.completions import Choice

MOST_EVENTS = 100
LINGER_SECONDS = 0.25
READ_SECONDS = 0.5
AGAIN_SECONDS = 2.0
PASSED_ON_SECONDS = 10.0
TAKE_OVER_SECONDS = 5.0
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.5, 4.0
INVOKE_PATIENCE = timedelta(seconds=13)
"""The router's timeout and a second for the way."""
MOST_DEATHS = 3
MOST_WAITING = 1_000
"""Of others nothing more is taken over while so much comes again."""

log = logging.getLogger(__name__)


class RouterDied(Exception):
    """The invocation was made and nothing usable came back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldEvent:
    """An event and the entry that it stands in."""

    entry: StreamEntry
    event: Event


class RouterClient:
    """The router function, asked from a thread."""

    def __init__(self, invoke: Invoker, receipts: ReceiptStore) -> None:
        self._invoke = invoke
        self._receipts = receipts

    def route(self, events: Sequence[Event]) -> tuple[Routed, ...]:
        """Result n is event n's.

        Raises:
            Unavailable: nobody is to blame: try all of it again later. What was settled stays so.
            RouterDied: it ran, or may have; one of the events may be the reason.
        """
        owner = secrets.token_hex(8)
        deadline = datetime.now(UTC) + INVOKE_PATIENCE
        try:
            answer = self._invoke.call("router", encode_batch(events, owner), deadline=deadline)
            results = decode_answer(answer)
        except (NotStarted, OfNewerRelease):
            raise
        except FunctionFailed as error:
            is_nobodys_fault = error.error_type == Unavailable.__name__
            self._free(events, owner, counted=not is_nobodys_fault)
            if is_nobodys_fault:
                raise Unavailable(error.message) from error
            raise RouterDied(str(error)) from error
        except (Unavailable, msgspec.DecodeError) as error:
            raise RouterDied(str(error)) from error
        if len(results) != len(events):
            raise RouterDied(f"{len(results)} results for {len(events)} events")
        return results

    def complete(self, asked: Completing) -> tuple[Choice, ...]:
        """What is offered while somebody types. Raises Unavailable: nobody knows in time."""
        until = asked.event.occurred_at + PATIENCE
        return decode_choices(self._invoke.call("router", encode_completing(asked), deadline=until))

    def _free(self, events: Sequence[Event], dead_owner: str, *, counted: bool) -> None:
        """What died holds nothing: the next try need not wait for its leases to run out."""
        try:
            self._receipts.free(events, dead_owner, counted=counted)
        except Unavailable as error:
            log.warning("leases run out by themselves", extra={"why": str(error)})


@dataclass(slots=True, kw_only=True)
class Reader:
    """One batch in flight. What is busy, or died alone, comes again later and holds up nobody."""

    partition: Partition
    consumer: Consumer
    router: RouterClient
    again_seconds: float = AGAIN_SECONDS
    linger_seconds: float = LINGER_SECONDS
    prefixes: Prefixes = field(default_factory=Prefixes)
    _later: list[tuple[float, ToldEvent]] = field(default_factory=list)
    _deaths: dict[bytes, int] = field(default_factory=dict)
    _next_take_over: float = 0.0

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set; the batch in flight is finished first, and what was only read stays
        pending.

        Raises one of AWAY (streams_server.py) where the streams server is away.
        """
        await self.consumer.make_group()
        self._later.clear()
        # What an earlier run of this process was interrupted over, and what others left to us.
        self._put_off(await self._decode(await self.consumer.pending()), 0.0)
        self._put_off(await self._decode(await self.consumer.take_over(at_once=True)), 0.0)
        while not stop.is_set():
            batch = await unless_set(stop, self._collect())
            if batch and not stop.is_set():
                await self._deliver(batch, stop)

    async def _collect(self) -> list[ToldEvent]:
        """At 100 events, at once when somebody waits for an answer, else after 250 ms."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        told = self._come_again(now)
        told += await self._take_over(MOST_EVENTS - len(told), now)
        next_again = self._later[0][0] - now if self._later else READ_SECONDS
        if next_again <= 0:
            return told  # More of the old are waiting: what is new comes after them.
        wait = 0.001 if told else min(READ_SECONDS, next_again)
        told += await self._read(MOST_EVENTS - len(told), wait)
        sends_at = loop.time() + self.linger_seconds
        while told and len(told) < MOST_EVENTS and not self._is_urgent(told):
            rest = sends_at - loop.time()
            if rest <= 0:
                break
            told += await self._read(MOST_EVENTS - len(told), rest)
        return told

    def _is_urgent(self, batch: Sequence[ToldEvent]) -> bool:
        return any(self.prefixes.is_urgent(told.event) for told in batch)

    def _come_again(self, now: float) -> list[ToldEvent]:
        due = [told for at, told in self._later if at <= now][:MOST_EVENTS]
        chosen = {told.entry.id for told in due}
        self._later = [one for one in self._later if one[1].entry.id not in chosen]
        return due

    async def _take_over(self, most: int, now: float) -> list[ToldEvent]:
        """What does not fit into this batch waits among what comes again."""
        if now < self._next_take_over or len(self._later) >= MOST_WAITING:
            return []
        self._next_take_over = now + TAKE_OVER_SECONDS
        taken = await self._decode(await self.consumer.take_over())
        self._put_off(taken[most:], now)
        return taken[:most]

    async def _read(self, most: int, wait_seconds: float) -> list[ToldEvent]:
        if most <= 0:
            return []
        return await self._decode(await self.consumer.read(most, wait_seconds=wait_seconds))

    async def _decode(self, entries: Iterable[StreamEntry]) -> list[ToldEvent]:
        told = []
        for entry in entries:
            try:
                told.append(ToldEvent(entry=entry, event=decode_event(entry.fields)))
            except NewerEntry as error:
                log.warning("entry left to a newer release", extra={"why": str(error)})
            except msgspec.MsgspecError as error:
                await self._give_up(entry, f"cannot be read: {error}")
        return told

    async def _deliver(self, batch: Sequence[ToldEvent], stop: asyncio.Event) -> None:
        """Nothing is lost while the router cannot be reached: the batch is kept and offered."""
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                results = await asyncio.to_thread(self.router.route, [one.event for one in batch])
            except Unavailable as error:
                log.warning("router was not reached", extra={"why": str(error), "pause": pause})
                if await is_set_within(stop, pause):
                    return
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
            except RouterDied as died:
                await self._after_death(batch, str(died), stop)
                return
            else:
                await self._settle(batch, results)
                return

    async def _settle(self, batch: Sequence[ToldEvent], results: Sequence[Routed]) -> None:
        """What a slow call was passed on for stays pending until that is done: should it die, the
        event is routed anew when its lease is over."""
        now = asyncio.get_running_loop().time()
        done = []
        for told, result in zip(batch, results, strict=True):
            self.prefixes.learn(told.event.place, result.prefix)
            if result.standing is Standing.SPENT:
                await self._give_up(told.entry, "it was begun five times and never finished")
            elif result.is_settled:
                done.append(told.entry.id)
                self._deaths.pop(told.entry.id, None)
            else:
                wait = PASSED_ON_SECONDS if result.passed_on else self.again_seconds
                self._put_off([told], now + wait)
        await self.consumer.finish(done)

    async def _after_death(self, batch: Sequence[ToldEvent], why: str, stop: asyncio.Event) -> None:
        """Halves find the event that kills; alone and dead three times it is a dead letter."""
        log.warning("router died over a batch", extra={"why": why, "events": len(batch)})
        if len(batch) > 1:
            middle = len(batch) // 2
            await self._deliver(batch[:middle], stop)
            await self._deliver(batch[middle:], stop)
            return
        [told] = batch
        deaths = self._deaths[told.entry.id] = self._deaths.get(told.entry.id, 0) + 1
        if deaths < MOST_DEATHS:
            self._put_off([told], asyncio.get_running_loop().time() + self.again_seconds)
            return
        await self._give_up(told.entry, f"the router died {deaths} times: {why}")

    async def _give_up(self, entry: StreamEntry, reason: str) -> None:
        """A dead letter first, then done; twice the same dead letter is harmless."""
        log.error("event is a dead letter", extra={"why": reason})
        letters = LetterBox(self.consumer.client, self.partition)
        await letters.give_up_event(entry.fields.get(b"event", b""), reason)
        self._deaths.pop(entry.id, None)
        await self.consumer.finish([entry.id])

    def _put_off(self, batch: Iterable[ToldEvent], until: float) -> None:
        self._later += [(until, told) for told in batch]
        self._later.sort(key=lambda one: (one[0], one[1].entry.appended_at))
