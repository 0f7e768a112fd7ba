"""Everything that people at the stand-ins would see, in order, the last 5,000 of it."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from local.stand_ins.conversation import Conversation
from local.stand_ins.items import Item
from local.stand_ins.people import BOT_NAME
from local.stand_ins.places import StandInPlace

KEPT = 5_000
_LONGEST_WAIT_SECONDS = 60.0
_QUIET_SECONDS = 15.0
"""A comment is sent this often, so that nobody in between closes a quiet stream."""

Wanted = Callable[[Item], bool]


class Feed:
    """Goes on where `conversation` ended, if there is one."""

    def __init__(
        self,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        conversation: Conversation | None = None,
    ) -> None:
        self._now = now
        self._conversation = conversation
        before = conversation.read() if conversation else ()
        self._items: deque[Item] = deque(before, maxlen=KEPT)
        self._changed = asyncio.Event()
        self.last = self._items[-1].n if self._items else 0

    def show(
        self, kind: str, place: StandInPlace, text: str, *, who: str = BOT_NAME, **more: Any
    ) -> Item:
        """`more` are further fields of Item: message, event_id, in_reply_to, to, pings."""
        self.last += 1
        item = Item(n=self.last, kind=kind, place=place, text=text, who=who, at=self._now(), **more)
        self._items.append(item)
        if self._conversation:
            self._conversation.add(item)
        self._wake()
        return item

    def after(self, n: int, wanted: Wanted) -> list[Item]:
        newer = itertools.takewhile(lambda item: item.n > n, reversed(self._items))
        return [item for item in newer if wanted(item)][::-1]

    async def wait_after(self, n: int, wanted: Wanted, seconds: float) -> Sequence[Item]:
        """At once if something is there, else as soon as it is, else nothing after `seconds`."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(min(seconds, _LONGEST_WAIT_SECONDS)):
                while not self.after(n, wanted):
                    await self._changed.wait()
        return self.after(n, wanted)

    async def server_sent_events(self, n: int, wanted: Wanted) -> AsyncIterator[bytes]:
        yield b": the stand-ins' feed\n\n"
        while True:
            items = await self.wait_after(n, wanted, _QUIET_SECONDS)
            for item in items:
                n = item.n
                yield f"id: {n}\ndata: {json.dumps(item.as_feed())}\n\n".encode()
            if not items:
                yield b": quiet\n\n"

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


def is_reply(item: Item) -> bool:
    return item.kind not in ("line", "thinking")


def wanted_items(*, platform: str = "", channel: str = "", entity: str = "") -> Wanted:
    """Empty means any; a channel is named by its id or its name."""

    def wanted(item: Item) -> bool:
        place = item.place
        return (
            (not platform or place.platform == platform)
            and (not channel or channel in (place.channel, place.name))
            and (not entity or place.entity_id == entity)
        )

    return wanted
