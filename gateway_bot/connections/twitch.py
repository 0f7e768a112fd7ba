"""Twitch's EventSub over a WebSocket, for whoever has no public address for webhooks.

Nothing is repeated over a socket: what happens while it is broken is lost, so the gap is measured
and told, also where another process goes on. Source: "Handling WebSocket Events".
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp

from gateway_bot.connections.staying import (
    REFUSED_SECONDS,
    Broken,
    Refused,
    Staying,
    Waits,
)
from gateway_bot.connections.storing import MOST_WAITING, Append, store_all
from gateway_bot.connections.twitch_channels import HeldChannels, Tell, refused_words
from gateway_bot.connections.twitch_helix import (
    A_CHANNEL,
    CALL_SECONDS,
    Helix,
    is_for_webhooks,
    subscriptions_of,
    words_for,
)
from gateway_bot.connections.twitch_links import WELCOME_SECONDS, Link, hear_out, open_link
from gateway_bot.waiting import is_set_within
from waddlebot.domain.events import Event
from waddlebot.platforms.fields import id_at, objects_at, parse_object, text_at
from waddlebot.platforms.received import Action, Received, without_event
from waddlebot.platforms.twitch.events import read_websocket
from waddlebot.stores.twitch_heard import Heard

SOCKET_URL = "wss://eventsub.wss.twitch.tv/ws"
MOST_CONNECTIONS = 3
MOST_CHANNELS = 300 // A_CHANNEL
"""Of one connection, which carries 300 subscriptions."""
GAP_SECONDS = 0.3
"""A shorter one is none."""

log = logging.getLogger(__name__)

Wire = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class TwitchSettings:
    """`bot_user_id` is the account whose token subscribes: the bot's own, as a user."""

    helix: Callable[[aiohttp.ClientSession], Helix]
    bot_user_id: str
    socket_url: str = SOCKET_URL
    most_waiting: int = MOST_WAITING
    grace_seconds: float = 5.0
    welcome_seconds: float = WELCOME_SECONDS
    waits: Waits = field(default_factory=Waits)


async def run(
    settings: TwitchSettings,
    append: Append,
    held: HeldChannels,
    heard: Heard,
    tell: Tell,
) -> None:
    """Holds as many connections as the channels need until it is cancelled; events go to
    `append`, in order.

    Where Twitch refuses the token that is told of every channel, and tried again slowly.
    """
    waiting: asyncio.Queue[Event] = asyncio.Queue(settings.most_waiting)
    timeout = aiohttp.ClientTimeout(total=CALL_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout) as session, asyncio.TaskGroup() as tasks:
        helix = settings.helix(session)
        connections = [
            _Connection(
                settings=settings,
                helix=helix,
                waiting=waiting,
                heard=heard,
                tell=tell,
                staying=Staying(platform="twitch", waits=settings.waits),
            )
            for _ in range(MOST_CONNECTIONS)
        ]
        tasks.create_task(store_all(waiting, append))
        tasks.create_task(_spread(held, connections, tell))
        for connection in connections:
            tasks.create_task(connection.staying.keep(connection.listen))


async def _spread(held: HeldChannels, connections: list[_Connection], tell: Tell) -> None:
    """Every channel stays with the connection that has it; a new one goes where there is room."""
    while True:
        held.changed.clear()
        for connection in connections:
            connection.want({name: None for name in connection.wanted if name in held.channels})
        carried = {name for connection in connections for name in connection.wanted}
        for name in [name for name in held.channels if name not in carried]:
            roomy = [one for one in connections if len(one.wanted) < MOST_CHANNELS]
            if roomy:
                roomy[0].want({**roomy[0].wanted, name: None})
                if roomy[0].is_refused:
                    await tell(name, refused_words(roomy[0].helix.token_name))
            else:
                most = MOST_CONNECTIONS * MOST_CHANNELS
                await tell(name, f"Sockets carry {most} channels: lower MAX_CLAIMS to that.")
        await held.changed.wait()


@dataclass(slots=True, kw_only=True)
class _Connection:
    """`wanted` are the channels that it shall carry, `_taken` by which subscriptions it does;
    `_lacking` are those of whose subscriptions Twitch could not take some for now.

    While it moves to another socket nothing is subscribed: `_settled` is set again afterwards.
    """

    settings: TwitchSettings
    helix: Helix
    waiting: asyncio.Queue[Event]
    heard: Heard
    tell: Tell
    staying: Staying
    wanted: dict[str, None] = field(default_factory=dict)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _taken: dict[str, list[str]] = field(default_factory=dict)
    _lacking: set[str] = field(default_factory=set)
    _session_id: str = ""
    _settled: asyncio.Event = field(default_factory=asyncio.Event)
    is_refused: bool = False

    def want(self, channels: dict[str, None]) -> None:
        if channels != self.wanted:
            self.wanted = channels
            self._changed.set()

    async def listen(self) -> None:
        """One session, however often its socket moves."""
        while not self.wanted:  # a socket without subscriptions is closed
            self._changed.clear()
            await self._changed.wait()
        self._taken.clear()
        self._lacking.clear()
        link = await self._open(self.settings.socket_url)
        self._session_id = link.session_id
        self._settled.set()
        await self.staying.stands()
        log.info("twitch connected", extra={"channels": len(self.wanted)})
        both = [
            asyncio.ensure_future(self._read(link)),
            asyncio.ensure_future(self._stay_true()),
        ]
        try:
            done, _ = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in both:
                task.cancel()
            await asyncio.wait(both)

    async def _read(self, link: Link) -> None:
        try:
            while True:
                frame = await link.next()
                if await self._take(frame) is Action.RECONNECT:
                    link = await self._move(link, frame)
        finally:
            await link.close()

    async def _take(self, frame: str) -> Action | None:
        received = self._received(frame)
        if received.routed:
            await self.waiting.put(received.routed)
        if received.action is Action.REVOCATION:
            log.error("twitch took a subscription back", extra={"facts": received.facts})
        return received.action

    def _received(self, frame: str) -> Received:
        own_id = self.settings.bot_user_id
        try:
            return read_websocket(frame, now=datetime.now(UTC), own_id=own_id)
        except Exception:
            log.exception("a frame of twitch's was left out")
            return without_event(Action.IGNORE)

    async def _move(self, old: Link, frame: str) -> Link:
        """Subscriptions carry over; the old socket stays until the new one is welcome."""
        url = text_at(parse_object(frame), "payload", "session", "reconnect_url")
        self._settled.clear()
        opening = asyncio.ensure_future(self._open_later(url))
        try:
            await hear_out(old, opening, self._take)
            new = await opening
        except BaseException:
            await _let_go(opening)
            raise
        self._session_id = new.session_id
        self._settled.set()
        await old.close()
        log.info("twitch moved to another address")
        return new

    async def _open_later(self, url: str) -> Link:
        """Nothing is missed meanwhile; and who has to move again and again does it slower."""
        await self.staying.rest()
        link = await self._open(url)
        await self.staying.stands()
        return link

    async def _open(self, url: str) -> Link:
        return await open_link(
            self.helix.session,
            url,
            grace_seconds=self.settings.grace_seconds,
            welcome_seconds=self.settings.welcome_seconds,
        )

    async def _stay_true(self) -> None:
        """Follows the claims, and notes once a second how far the channels were heard."""
        while self.wanted:
            self._changed.clear()
            again_at = await self._follow_as_allowed()
            while not await is_set_within(self._changed, 1.0):
                await self.heard.note(self._taken)
                if again_at is not None and self.settings.waits.clock() > again_at:
                    break

    async def _follow_as_allowed(self) -> float | None:
        """When to try again, where Twitch refused, or was not well. What is heard already is heard
        on."""
        try:
            await self._follow()
        except Refused as refused:
            await self._tell_refused(name for name in self.wanted if name not in self._taken)
            self.is_refused = True
            if not self._taken:
                raise
            log.error("twitch refused the bot: %s", refused)  # noqa: TRY400 - no bug
            return self.settings.waits.clock() + REFUSED_SECONDS
        except Broken as broken:
            if not self._taken:
                raise
            log.warning("twitch takes no subscriptions for now", extra={"why": str(broken)})
            return self.settings.waits.clock() + broken.pause_seconds
        self.is_refused = False
        return None

    async def _tell_refused(self, names: Iterable[str]) -> None:
        for name in names:
            await self.tell(name, refused_words(self.helix.token_name))

    async def _follow(self) -> None:
        """Subscribes to what is new, and lets go of what others carry."""
        for name in [name for name in self._taken if name not in self.wanted]:
            for subscription in self._taken.pop(name):
                gone = {"id": subscription}
                await self.helix.call("DELETE", "/eventsub/subscriptions", params=gone)
        new = [name for name in self.wanted if name not in self._taken or name in self._lacking]
        ids = await self.helix.user_ids(new) if new else {}
        for name in new:
            if name in ids:
                await self._subscribe(name, ids[name])
            else:
                log.error("there is no twitch channel %s", name)
                await self.tell(name, f"There is no Twitch channel '{name}': see TWITCH_CHANNELS.")
        if not self._taken and self.wanted:
            raise Broken("no subscription was taken")

    async def _subscribe(self, name: str, channel: str) -> None:
        """To all there is of a channel; what the token does not allow is said."""
        wanted = list(subscriptions_of(channel, self.settings.bot_user_id))
        refused: dict[str, str] = {}
        while wanted:
            await self._settled.wait()
            session_id = self._session_id
            refused = await self._ask_for(name, wanted, session_id)
            if session_id == self._session_id and self._settled.is_set():
                break
            # The session they were asked for has moved on meanwhile.
            wanted = [one for one in wanted if one["type"] in refused]
        refused = {kind: why for kind, why in refused.items() if not is_for_webhooks(kind)}
        for kind, why in refused.items():
            log.warning("twitch does not tell of %s", kind, extra={"channel": name, "why": why})
        await self.tell(name, " ".join(filter(None, (words_for(refused), await self._gap(name)))))

    async def _ask_for(self, name: str, wanted: list[Wire], session_id: str) -> dict[str, str]:
        """Why not, by kind, of those that are refused.

        Raises what kept some from being asked, when what was taken of the others is noted.
        """
        transport = {"method": "websocket", "session_id": session_id}
        answers = await asyncio.gather(
            *(
                self.helix.call(
                    "POST", "/eventsub/subscriptions", json={**one, "transport": transport}
                )
                for one in wanted
            ),
            return_exceptions=True,
        )
        refused: dict[str, str] = {}
        unanswered = [answer for answer in answers if isinstance(answer, BaseException)]
        for one, told in zip(wanted, answers, strict=True):
            if isinstance(told, BaseException):
                continue
            status, answer = told
            if status < 400:
                ids = [id_at(taken, "id") for taken in objects_at(answer, "data")]
                self._taken.setdefault(name, []).extend(ids)
            elif status == 409:  # it is there already
                self._taken.setdefault(name, [])
            else:
                refused[one["type"]] = f"{status} {text_at(answer, 'message')}"
        self._lacking.discard(name)
        if unanswered:
            self._lacking.add(name)
            raise unanswered[0]
        return refused

    async def _gap(self, name: str) -> str:
        """What was said meanwhile is lost; measured from the last note, so at most this long."""
        seconds = await self.heard.gap_seconds(name)
        if seconds is None or seconds < GAP_SECONDS:
            return ""
        told = {"channel": name, "gap_seconds": round(seconds, 1)}
        log.warning("twitch was not heard", extra=told)
        return (
            f"Not heard for {seconds:.1f} s until {datetime.now(UTC):%H:%M} UTC: sockets repeat "
            "nothing, webhooks do."
        )


async def _let_go(opening: asyncio.Task[Link]) -> None:
    """Of a move that was broken off: a socket that just opened is closed."""
    opening.cancel()
    await asyncio.gather(opening, return_exceptions=True)
    if not opening.cancelled() and opening.exception() is None:
        await opening.result().close()
