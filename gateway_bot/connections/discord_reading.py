"""Frames of Discord's gateway made into events, one by one and in order."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from gateway_bot.connections.discord_plan import DiscordPlan, trusted_address
from gateway_bot.connections.discord_socket import Frame
from gateway_bot.connections.discord_voices import CHANGES, VOICE_STATE, Told
from waddlebot.domain.completions import Completing
from waddlebot.domain.events import Event
from waddlebot.platforms.discord.events import read_gateway
from waddlebot.platforms.fields import dig, id_at, text_at

_DISPATCH = 0

log = logging.getLogger(__name__)


class MemoryFull(OSError):
    """The connection ends over it and is resumed later: the frame comes again."""


def _offer_nothing(_asked: Completing) -> None:
    pass


@dataclass(slots=True, kw_only=True)
class FrameReader:
    """Takes frames to `waiting`, and notes in the plan's progress how far it got.

    `offer` is told what somebody types: that is no event, and waits behind none.
    """

    plan: DiscordPlan
    waiting: asyncio.Queue[Event]
    offer: Callable[[Completing], None] = _offer_nothing

    def take(self, frame: Frame) -> None:
        """Raises MemoryFull. What cannot be read is passed over: it would come again otherwise."""
        if self.waiting.qsize() >= self.plan.settings.most_waiting:  # a frame is taken whole
            raise MemoryFull(f"{self.waiting.qsize()} events wait to be stored")
        payload = frame.payload if isinstance(frame.payload, dict) else {}
        try:
            self._read(frame, payload)
        except Exception:
            log.exception("a frame of discord's was left out", extra={"type": frame.name})
        self.plan.progress.received = frame.sequence or self.plan.progress.received

    def _read(self, frame: Frame, payload: dict[str, Any]) -> None:
        at = self.plan.progress
        if frame.name in CHANGES:
            at.frame_comes(id_at(payload, "id" if frame.name != VOICE_STATE else "guild_id"))
        if frame.name == "READY":
            self._begin(payload)
        elif frame.name == "RESUMED":
            shard = str(self.plan.settings.shard)
            log.info("discord connected where it was left", extra={"shard": shard})
        at.servers.learn(frame.name, payload)
        for name, told in self._meant_by(frame, at.servers.complete(payload)):
            self._hand_on({"op": _DISPATCH, "t": name, "d": told})

    def _begin(self, ready: dict[str, Any]) -> None:
        at, settings = self.plan.progress, self.plan.settings
        session = id_at(ready, "session_id")
        if not session:
            log.warning("discord named no session")
            return
        at.begin(session, id_at(ready, "user", "id"))
        servers = dig(ready, "guilds")
        servers = servers if isinstance(servers, list) else []
        at.servers.keep(filter(None, (id_at(one, "id") for one in servers)))
        told_url = text_at(ready, "resume_gateway_url")
        at.resume_url = trusted_address(told_url, settings.api_url)
        log.info("discord connected", extra={"shard": str(settings.shard)})

    def _meant_by(self, frame: Frame, payload: dict[str, Any]) -> Iterable[Told]:
        if frame.name != VOICE_STATE:
            return [(frame.name, payload)]
        at = self.plan.progress
        name = f"{at.session}:{frame.sequence}"
        return at.servers.voices.turns(payload, frame=name, now=time.time())

    def _hand_on(self, frame: dict[str, Any]) -> None:
        at = self.plan.progress
        received = read_gateway(frame, now=datetime.now(UTC), own_id=at.own_id)
        if received.completing:
            self.offer(received.completing)
        if received.routed:
            self.waiting.put_nowait(received.routed)
            at.queued()
