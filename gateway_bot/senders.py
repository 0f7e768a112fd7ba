"""Carries replies and platform actions from the stream to the platforms, each once.

Mark, send, confirm, acknowledge. A mark without a confirmation means that a process died while it
sent: sent again only where the platform makes that harmless, else listed for the operator.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import msgspec

from gateway_bot.actions import about_action
from gateway_bot.consumers import Consumer, StreamEntry
from gateway_bot.elsewhere import next_best
from gateway_bot.post import Post, Posted
from gateway_bot.streams_server import AWAY
from gateway_bot.unsaid import tell
from gateway_bot.waiting import is_set_within, unless_set
from waddlebot.domain import sayings
from waddlebot.domain.entities import EntityId, platform_of
from waddlebot.domain.events import Channel
from waddlebot.domain.outcomes import Outgoing, Reply
from waddlebot.domain.platform_actions import SAID, PlatformAction
from waddlebot.platforms.delivering import Delivered, State, refused
from waddlebot.stores.keys import Partition, Partitions
from waddlebot.stores.letter_box import LetterBox
from waddlebot.stores.replies_onward import RepliesOnward
from waddlebot.stores.sent_marks import SENT_MARK, SentMarks
from waddlebot.stores.streams import NewerEntry, decode_outgoing, encode_outgoing

OLDEST_SECONDS = 300
"""Chat has moved on: an answer that could not be sent for so long is not sent any more."""
MOST_WAITING = 1_000
MOST_READ = 100
READ_SECONDS = 0.5
TAKE_OVER_SECONDS = 5.0
AWAY_SECONDS = 1.0

Result = TypeVar("Result")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """Something to send and the entry that it stands in."""

    entry: StreamEntry
    outgoing: Outgoing

    @property
    def age_seconds(self) -> float:
        return time.time() - self.entry.appended_at


@dataclass(slots=True)
class Queue:
    """Parcels in order, and whether somebody carries them."""

    parcels: deque[Parcel] = field(default_factory=deque)
    is_served: bool = False


@dataclass(slots=True)
class Lane:
    """What leaves for one place: in order, and actions before chat.

    An action waits for no chat, not even for what waits for its turn already: chat begins where no
    action is left.
    """

    actions: Queue = field(default_factory=Queue)
    replies: Queue = field(default_factory=Queue)
    acted: asyncio.Event = field(default_factory=asyncio.Event)

    def queue_of(self, parcel: Parcel) -> Queue:
        return self.actions if isinstance(parcel.outgoing, PlatformAction) else self.replies

    @property
    def is_left(self) -> bool:
        return not (self.actions.is_served or self.replies.is_served)

    def __len__(self) -> int:
        return len(self.actions.parcels) + len(self.replies.parcels)


@dataclass(slots=True, kw_only=True)
class Senders:
    """One lane a place; lanes do not wait for each other."""

    partition: Partition
    partitions: Partitions
    consumer: Consumer
    post: Post
    _lanes: dict[EntityId, Lane] = field(default_factory=dict)
    _interrupted: list[StreamEntry] = field(default_factory=list)
    _in_hand: set[bytes] = field(default_factory=set)
    _missed: bool = False
    _next_take_over: float = 0.0
    _mark_of_run: bytes = b""

    @property
    def _marks(self) -> SentMarks:
        return SentMarks(self.consumer.client, self.partition)

    @property
    def _letters(self) -> LetterBox:
        return LetterBox(self.consumer.client, self.partition)

    @property
    def _onward(self) -> RepliesOnward:
        return RepliesOnward(self.consumer.client, self.partitions)

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set; what is being sent then is sent and confirmed first.

        While the streams server is away, what is being sent goes on. Raises one of AWAY where it is
        away from the beginning.
        """
        await self.consumer.make_group()
        self._interrupted = await self.consumer.pending()
        self._interrupted += await self.consumer.take_over(at_once=True)
        self._mark_of_run = f"sending:{secrets.token_hex(8)}".encode()
        async with asyncio.TaskGroup() as lanes:
            while not stop.is_set():
                for parcel in await unless_set(stop, self._collect_or_wait(stop)) or ():
                    self._put(parcel, lanes, stop)

    async def _collect_or_wait(self, stop: asyncio.Event) -> list[Parcel]:
        try:
            return await self._collect()
        except AWAY as error:
            log.warning("streams server did not answer", extra={"why": str(error)})
            self._missed = True
            await is_set_within(stop, AWAY_SECONDS)
            return []

    async def _collect(self) -> list[Parcel]:
        if sum(map(len, self._lanes.values())) >= MOST_WAITING:
            await asyncio.sleep(0.1)
            return []
        if self._missed:  # of what it gave nothing may have been heard
            pending = await self.consumer.pending()
            self._interrupted = [one for one in pending if one.id not in self._in_hand]
            self._missed = False
        entries, self._interrupted = self._interrupted, []
        entries += await self._take_over()
        wait = 0.001 if entries else READ_SECONDS
        entries += await self.consumer.read(MOST_READ, wait_seconds=wait)
        parcels = [parcel for entry in entries if (parcel := await self._open(entry))]
        strangers = [one for one in parcels if self._home_of(one) != self.partition]
        await self._move(strangers)
        return [one for one in parcels if one not in strangers]

    def _home_of(self, parcel: Parcel) -> Partition:
        return self.partitions.of(parcel.outgoing.entity)

    async def _move(self, parcels: Sequence[Parcel]) -> None:
        """Who speaks in a place speaks alone there: a notice goes to the sender of its channel.

        Appended, then finished: twice the same is harmless, as its mark stands where it is sent.
        """
        if not parcels:
            return
        await self._onward.move([(one.outgoing.entity, one.entry.fields) for one in parcels])
        await self.consumer.finish([parcel.entry.id for parcel in parcels])

    async def _take_over(self) -> list[StreamEntry]:
        now = asyncio.get_running_loop().time()
        if now < self._next_take_over:
            return []
        self._next_take_over = now + TAKE_OVER_SECONDS
        return await self.consumer.take_over()

    async def _open(self, entry: StreamEntry) -> Parcel | None:
        try:
            return Parcel(entry=entry, outgoing=decode_outgoing(entry.fields))
        except NewerEntry as error:
            log.warning("reply left to a newer release", extra={"why": str(error)})
        except msgspec.MsgspecError as error:
            log.error("reply cannot be read", extra={"why": str(error)})  # noqa: TRY400 - no bug
            await self._give_up(entry, f"cannot be read: {error}")
        return None

    async def _give_up(self, entry: StreamEntry, reason: str) -> None:
        await self._letters.give_up_reply(entry.fields.get(b"outgoing", b""), reason)
        await self.consumer.finish([entry.id])

    def _put(self, parcel: Parcel, lanes: asyncio.TaskGroup, stop: asyncio.Event) -> None:
        place = parcel.outgoing.entity
        lane = self._lanes.setdefault(place, Lane())
        queue = lane.queue_of(parcel)
        queue.parcels.append(parcel)
        self._in_hand.add(parcel.entry.id)
        if not queue.is_served:
            queue.is_served = True
            lanes.create_task(self._work(place, lane, queue, stop))

    async def _work(self, place: EntityId, lane: Lane, queue: Queue, stop: asyncio.Event) -> None:
        """Begins when the first parcel is in, ends with the last one."""
        try:
            while queue.parcels and not stop.is_set():
                if queue is lane.replies and lane.actions.is_served:
                    lane.acted.clear()
                    await lane.acted.wait()
                    continue
                parcel = queue.parcels.popleft()
                wait = await self._carry(parcel, stop)
                if wait is None:
                    self._in_hand.discard(parcel.entry.id)
                else:
                    queue.parcels.appendleft(parcel)
                    await is_set_within(stop, wait)
        finally:
            queue.is_served = False
            if queue is lane.actions:
                lane.acted.set()
            if lane.is_left:
                del self._lanes[place]

    async def _carry(self, parcel: Parcel, stop: asyncio.Event) -> float | None:
        """Seconds to wait before this parcel is tried again, or None where it is settled."""
        if parcel.age_seconds > OLDEST_SECONDS:
            await self._surely(partial(self._drop, parcel, "too old to be sent"))
            return None
        try:
            posted = await self.post.send(parcel.outgoing, partial(self._may_begin, parcel, stop))
        except AWAY as error:
            log.warning("streams server did not answer", extra={"why": str(error)})
            return AWAY_SECONDS
        except Exception:
            log.exception("sender crashed", extra=_where(parcel))
            posted = Posted(delivered=refused("the sender crashed over it"))
        return await self._surely(partial(self._settle, parcel, posted)) if posted else None

    async def _surely(self, settle: Callable[[], Awaitable[Result]]) -> Result:
        """What has been sent is confirmed, however long the streams server is away."""
        while True:
            try:
                return await settle()
            except AWAY as error:
                log.warning("streams server did not answer", extra={"why": str(error)})
                await asyncio.sleep(AWAY_SECONDS)

    async def _may_begin(self, parcel: Parcel, stop: asyncio.Event) -> bool:
        """Its turn may have come late: then it stays pending for whoever speaks here now."""
        return not stop.is_set() and await self._mark(parcel)

    async def _mark(self, parcel: Parcel) -> bool:
        """Whether it is to be sent: nobody has, or somebody may have and again is harmless."""
        found = await self._marks.begin(parcel.outgoing.id, self._mark_of_run)
        if found == SENT_MARK:
            await self.consumer.finish([parcel.entry.id])
            return False
        if found == self._mark_of_run or self._is_harmless_twice(parcel):
            return True
        await self._doubt(parcel, "a sender ended while it was sending this")
        return False

    async def _settle(self, parcel: Parcel, posted: Posted) -> float | None:
        delivered = posted.delivered
        if delivered.state is State.SENT:
            if delivered.reason:
                log.warning("said another way", extra={**_where(parcel), "why": delivered.reason})
            await self._tell(parcel, delivered)
            await self._say_what_was_done(parcel)
            await self._confirm(parcel)
            return None
        if delivered.state is State.REFUSED:
            await self._tell(parcel, delivered)
            await self._drop(parcel, delivered.reason)
            return None
        if posted.in_doubt and not self._is_harmless_twice(parcel):
            await self._doubt(parcel, delivered.reason)
            return None
        # Surely not sent: should this process end now, there is no doubt about it.
        await self._marks.take_back(parcel.outgoing.id, self._mark_of_run)
        log.info("platform asked to wait", extra={**_where(parcel), "why": delivered.reason})
        return delivered.wait_seconds

    async def _tell(self, parcel: Parcel, delivered: Delivered) -> None:
        await tell(self.consumer.client, self.partition, parcel.outgoing, delivered)

    async def _confirm(self, parcel: Parcel) -> None:
        await self._marks.confirm(parcel.outgoing.id)
        await self.consumer.finish([parcel.entry.id])

    async def _drop(self, parcel: Parcel, why: str) -> None:
        log.warning("reply was not sent", extra={**_where(parcel), "why": why})
        await self._tell_who_asked(parcel, why)
        if isinstance(parcel.outgoing, Reply) and parcel.outgoing.for_moderators:
            await self._tell_elsewhere(parcel.outgoing, why)
        await self._confirm(parcel)

    async def _tell_elsewhere(self, reply: Reply, why: str) -> None:
        """Somebody who looks after the place hears of it, or at last the operator."""
        instead = next_best(reply)
        if instead is None:
            reason = f"no moderator could be told: {why}"
            await self._letters.give_up_reply(encode_outgoing(reply), reason)
        else:
            await self._onward.append(instead)

    async def _tell_who_asked(self, parcel: Parcel, why: str) -> None:
        """A moderator who asked for an action learns that it was not done, and why."""
        action = parcel.outgoing
        if not isinstance(action, PlatformAction) or not action.asked_by:
            return
        await self._onward.append(about_action(action, why, private=True))

    async def _say_what_was_done(self, parcel: Parcel) -> None:
        """Before the action is confirmed: who takes it over says it again, under the same id."""
        action = parcel.outgoing
        if isinstance(action, PlatformAction) and action.then:
            await self._onward.append(about_action(action, action.then, private=False))

    async def _doubt(self, parcel: Parcel, why: str) -> None:
        log.error("reply is in doubt", extra={**_where(parcel), "why": why})
        await self._letters.doubt(_without_secret(parcel), why)
        await self._confirm(parcel)

    def _is_harmless_twice(self, parcel: Parcel) -> bool:
        """A line can be deleted twice; a message be sent while the platform knows its nonce."""
        outgoing = parcel.outgoing
        if isinstance(outgoing, PlatformAction):
            return outgoing.kind not in SAID
        known = self.post.pacer.of(platform_of(outgoing.entity)).knows_repeats_seconds
        return isinstance(outgoing.way_back, Channel) and parcel.age_seconds < known


def _without_secret(parcel: Parcel) -> bytes:
    """As a letter for the operator, which is kept until it is decided upon."""
    outgoing = parcel.outgoing
    if isinstance(outgoing, Reply) and outgoing.secret:
        lost = msgspec.structs.replace(outgoing, text=sayings.ANSWER_LOST, listing=None)
        return encode_outgoing(lost)
    return parcel.entry.fields[b"outgoing"]


def _where(parcel: Parcel) -> dict[str, str]:
    return {"reply": parcel.outgoing.id, "entity": parcel.outgoing.entity}
