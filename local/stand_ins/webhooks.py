"""How events leave the stand-ins for the bot's front: posted, repeated, remembered."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

import aiohttp

from local.stand_ins.places import StandInPlace

_KEPT = 500
_PATIENCE_SECONDS = 3.0
"""Discord and Slack wait three seconds for an answer, Twitch "a few"."""
TOO_LATE = "The bot did not answer within three seconds."


@dataclass(frozen=True, slots=True, kw_only=True)
class Landed:
    """What became of a delivery; `status` is None where nobody answered or nobody was asked."""

    accepted: bool
    status: int | None = None
    body: bytes = b""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """`retry` counts from 0; a forged attempt carries a signature that cannot be right."""

    retry: int = 0
    forged: bool = False


Headers = Callable[[Attempt], Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event on its way; `send` may be called again, for the same event."""

    event_id: str
    place: StandInPlace
    send: Callable[[Attempt], Awaitable[Landed]]


class Webhooks:
    """Posts to `<url>/webhooks/<platform>`."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._http: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        timeout = aiohttp.ClientTimeout(total=_PATIENCE_SECONDS)
        self._http = aiohttp.ClientSession(timeout=timeout)

    async def stop(self) -> None:
        if self._http:
            await self._http.close()

    async def post(self, address: str, body: bytes, headers: Mapping[str, str]) -> Landed:
        """`address` is a platform's name, or a whole URL (EventSub callbacks)."""
        if self._http is None:
            raise RuntimeError(
                "the stand-ins were not started: await start() before the first event"
            )
        url = address if "://" in address else f"{self._url}/webhooks/{address}"
        try:
            async with self._http.post(url, data=body, headers=headers) as answer:
                return _landed(answer.status, await answer.read())
        except TimeoutError:
            return Landed(accepted=False, why=TOO_LATE)
        except aiohttp.ClientError as error:
            return Landed(accepted=False, why=f"Nobody takes webhooks at {url} ({error}).")

    async def post_until_accepted(
        self,
        address: str,
        body: bytes,
        headers: Headers,
        *,
        attempt: Attempt,
        pauses: Sequence[float],
    ) -> Landed:
        """Repeats after each pause (seconds) until a 2xx, as platforms do; forgers try once."""
        landed = await self.post(address, body, headers(attempt))
        for number, pause in enumerate(() if attempt.forged else pauses, start=attempt.retry + 1):
            if landed.accepted:
                return landed
            await asyncio.sleep(pause)
            landed = await self.post(address, body, headers(Attempt(retry=number)))
        return landed


class Deliveries:
    """The last events of each platform, to deliver them again, forged, or out of order."""

    def __init__(self) -> None:
        self._sent: OrderedDict[str, Delivery] = OrderedDict()
        self._held: dict[str, Delivery] = {}

    async def send(self, delivery: Delivery) -> Landed:
        self._sent[delivery.event_id] = delivery
        if len(self._sent) > _KEPT:
            self._sent.popitem(last=False)
        landed = await delivery.send(Attempt())
        await self._let_go(delivery.place.platform)
        return landed

    def hold(self, delivery: Delivery) -> Landed:
        """Delivered right after the platform's next event."""
        self._held[delivery.place.platform] = delivery
        return Landed(accepted=True, why="Held back until the next event was delivered.")

    def find(self, platform: str, event_id: str = "", channel: str = "") -> Delivery | None:
        """That event, or the platform's last (in that channel)."""
        if event_id:
            return self._sent.get(event_id)
        mine = (
            delivery
            for delivery in reversed(self._sent.values())
            if delivery.place.platform == platform
            and (not channel or channel in (delivery.place.channel, delivery.place.name))
        )
        return next(mine, None)

    async def _let_go(self, platform: str) -> None:
        held = self._held.pop(platform, None)
        if held:
            await self.send(held)


def _landed(status: int, body: bytes) -> Landed:
    accepted = 200 <= status < 300
    why = "" if accepted else f"The bot answered with status {status}."
    return Landed(accepted=accepted, status=status, body=body, why=why)
