"""Discord's gateway, v10: hello, identify, heartbeats, dispatches, resume (docs: "Gateway")."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from local.stand_ins.asgi import Json, Socket
from local.stand_ins.discord.payloads import bot_user, guild_body
from local.stand_ins.discord.servers import OwnedServers
from local.stand_ins.discord.wire import TurningAway, Wire
from local.stand_ins.places import StandInPlaces

_HEARTBEAT_MS = 41_250
_REMEMBERED = 1_000
_RESUMABLE = 20
"""So many sessions without a socket are kept for a RESUME."""
_ROW_SECONDS = 5.0
MAX_CONCURRENCY = 16
"""Shards of the same number modulo this begin a session no faster than one in five seconds."""
_DISPATCH, _HEARTBEAT, _IDENTIFY, _RESUME, _RECONNECT, _INVALID, _HELLO, _ACK = (
    0,
    1,
    2,
    6,
    7,
    9,
    10,
    11,
)

# Which intent (bit) a dispatch needs; what is not listed comes to everybody.
_INTENTS = {
    "GUILD_CREATE": 0,
    "GUILD_UPDATE": 0,
    "CHANNEL_CREATE": 0,
    "CHANNEL_UPDATE": 0,
    "THREAD_CREATE": 0,
    "GUILD_MEMBER_ADD": 1,
    "GUILD_MEMBER_REMOVE": 1,
    "GUILD_MEMBER_UPDATE": 1,
    "GUILD_BAN_ADD": 2,
    "GUILD_AUDIT_LOG_ENTRY_CREATE": 2,
    "VOICE_STATE_UPDATE": 7,
    "MESSAGE_CREATE": 9,
    "MESSAGE_DELETE": 9,
    "MESSAGE_REACTION_ADD": 10,
}
_DIRECT_MESSAGES = 12
_MESSAGE_CONTENT = 15
_INVALID_SHARD = 4010
_AWAY = 1001
_FORGETTING = frozenset({4003, 4006, 4007, 4009})
"""Codes after which Discord does not know the session any more."""


@dataclass(slots=True, kw_only=True)
class _Session:
    """Outlives its socket: what is dispatched meanwhile waits for a RESUME."""

    id: str
    intents: int
    wire: Wire | None
    shard: tuple[int, int]
    sequence: int = 0
    missed: deque[Json] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))

    def has(self, intent: int) -> bool:
        return bool(self.intents >> intent & 1)

    @property
    def is_connected(self) -> bool:
        return self.wire is not None and self.wire.socket.is_open


class Gateway:
    def __init__(
        self,
        *,
        token: str,
        bot_id: str,
        places: StandInPlaces,
        servers: OwnedServers,
        row_seconds: float = _ROW_SECONDS,
    ) -> None:
        self._token = token
        self._row_seconds = row_seconds
        self._bot_id = bot_id
        self._places = places
        self._servers = servers
        self._sessions: dict[str, _Session] = {}
        self._connected = asyncio.Event()
        self.identifies = 0
        self.identified: Counter[str] = Counter()
        self.too_fast = self.twice_at_once = 0
        self._row_free_at: dict[int, float] = {}
        self._sockets = 0
        self.turning_away = TurningAway()

    def figures(self) -> Json:
        """How often each shard began a session, and what a bot must never do."""
        live = sorted(f"{n}/{count}" for n, count in (one.shard for one in self._live()))
        return {
            "identifies": dict(self.identified),
            "too_fast": self.too_fast,
            "twice_at_once": self.twice_at_once,
            "connected": live,
            "sockets": self._sockets,
        }

    async def serve(self, socket: Socket, query: Callable[[str], str], address: str) -> None:
        """One connection, from hello to its end; `address` is where it may be resumed."""
        await socket.accept()
        self._sockets += 1
        try:
            await self._converse(socket, query, address)
        finally:
            self._sockets -= 1

    async def _converse(self, socket: Socket, query: Callable[[str], str], address: str) -> None:
        wire = Wire(socket, compressed=query("compress") == "zlib-stream")
        if not await self.turning_away.applies("hello", socket):
            await wire.send(_frame(_HELLO, {"heartbeat_interval": _HEARTBEAT_MS}))
        session: _Session | None = None
        while (frame := await self._read(socket)) is not None:
            session = await self._handle(frame, wire, session, address)
        if session and session.wire is wire:
            session.wire = None

    async def wait_connected(self, seconds: float, server: str | None = None) -> bool:
        """Whether somebody holds the server's shard open now, or does within so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                while not any(_has(session, server) for session in self._live()):
                    self._connected.clear()
                    await self._connected.wait()
        except TimeoutError:
            return False
        return True

    async def dispatch(self, name: str, data: Json) -> int:
        """To every session that wants it; returns how many connections it reached."""
        reached = 0
        for session in list(self._sessions.values()):
            if _wants(session, name, data):
                await self._dispatch_to(session, name, _as_allowed(session, name, data))
                reached += session.is_connected
        return reached

    async def reconnect(self) -> None:
        for session in self._live():
            await self._send(session, _frame(_RECONNECT, None))

    async def close(self, code: int = _AWAY) -> None:
        for session in self._live():
            if session.wire:
                await session.wire.socket.close(code)
            if code in _FORGETTING:
                del self._sessions[session.id]

    async def invalidate(self, *, resumable: bool = False) -> None:
        for session in self._live():
            if not resumable:
                del self._sessions[session.id]
            await self._send(session, _frame(_INVALID, d=resumable))

    async def say(self, text: str) -> None:
        """Whatever it is, as one frame to everybody."""
        for session in self._live():
            if session.wire:
                await session.wire.say(text)

    def _live(self) -> list[_Session]:
        return [session for session in self._sessions.values() if session.is_connected]

    async def _read(self, socket: Socket) -> Json | None:
        try:
            async with asyncio.timeout(_HEARTBEAT_MS / 1000 * 1.5):
                text = await socket.read()
        except TimeoutError:
            await socket.close(4009)
            return None
        if text is None:
            return None
        try:
            frame = json.loads(text)
        except ValueError:
            frame = None
        if not isinstance(frame, dict):
            await socket.close(4002)
            return None
        return frame

    async def _handle(
        self, frame: Json, wire: Wire, session: _Session | None, address: str
    ) -> _Session | None:
        operation = frame.get("op")
        data: Json = frame["d"] if isinstance(frame.get("d"), dict) else {}
        if operation == _HEARTBEAT:
            await wire.send(_frame(_ACK, None))
        elif operation in (_IDENTIFY, _RESUME) and data.get("token") != self._token:
            await wire.socket.close(4004)
        elif operation == _IDENTIFY:
            return await self._identify(data, wire, address) or session
        elif operation == _RESUME:
            return await self._resume(data, wire)
        elif session is None:
            await wire.socket.close(4003)
        return session

    async def _identify(self, data: Json, wire: Wire, address: str) -> _Session | None:
        if await self.turning_away.applies("identify", wire.socket):
            return None
        shard = _shard_in(data)
        if shard is None:
            await wire.socket.close(_INVALID_SHARD)
            return None
        if not self._is_in_time(shard):
            await wire.send(_frame(_INVALID, d=False))
            return None
        intents = int(data.get("intents", 0))
        session = _Session(id=secrets.token_hex(16), intents=intents, wire=wire, shard=shard)
        servers = sorted(
            {
                place.server
                for place in self._places.known()
                if place.platform == "discord" and place.server and _has(session, place.server)
            }
        )
        ready = {
            "v": 10,
            "user": bot_user(self._bot_id),
            "guilds": [{"id": server, "unavailable": True} for server in servers],
            "session_id": session.id,
            "resume_gateway_url": address,
            "shard": list(shard),
            "application": {"id": self._bot_id, "flags": 0},
        }
        await self._dispatch_to(session, "READY", ready)
        for server in servers:
            places = self._places.on("discord", server)
            await self._dispatch_to(
                session, "GUILD_CREATE", guild_body(server, places, self._bot_id, self._servers)
            )
        self._keep(session)
        self._connected.set()
        return session

    def _is_in_time(self, shard: tuple[int, int]) -> bool:
        self.identifies += 1
        self.identified[f"{shard[0]}/{shard[1]}"] += 1
        self.twice_at_once += any(one.shard == shard for one in self._live())
        now, row = time.monotonic(), shard[0] % MAX_CONCURRENCY
        if now < self._row_free_at.get(row, 0.0):
            self.too_fast += 1
            return False
        self._row_free_at[row] = now + self._row_seconds
        return True

    def _keep(self, session: _Session) -> None:
        self._sessions[session.id] = session
        left = [old for old in self._sessions.values() if not old.is_connected]
        for old in left[:-_RESUMABLE]:
            del self._sessions[old.id]

    async def _resume(self, data: Json, wire: Wire) -> _Session | None:
        if await self.turning_away.applies("resume", wire.socket):
            return None
        session = self._sessions.get(str(data.get("session_id")))
        if session is None or not _reaches_back(session, int(data.get("seq") or 0)):
            await wire.send(_frame(_INVALID, d=False))
            return None
        # What is dispatched during the replay waits its turn: the wire is the session's only after.
        seen = int(data.get("seq") or 0)
        while missed := [frame for frame in session.missed if frame["s"] > seen]:
            seen = missed[-1]["s"]
            for frame in missed:
                await wire.send(frame)
        session.wire = wire
        await self._dispatch_to(session, "RESUMED", {})
        if await self.turning_away.applies("resumed", wire.socket):
            return session
        self._connected.set()
        return session

    async def _dispatch_to(self, session: _Session, name: str, data: Json) -> None:
        session.sequence += 1
        frame = {"op": _DISPATCH, "t": name, "s": session.sequence, "d": data}
        session.missed.append(frame)
        await self._send(session, frame)

    async def _send(self, session: _Session, frame: Json) -> None:
        if session.wire and session.is_connected:
            await session.wire.send(frame)


def _frame(operation: int, d: Any) -> Json:
    return {"op": operation, "d": d, "s": None, "t": None}


def _reaches_back(session: _Session, sequence: int) -> bool:
    first = session.missed[0]["s"] if session.missed else 1
    return bool(first - 1 <= sequence <= session.sequence)


def _shard_in(data: Json) -> tuple[int, int] | None:
    match data.get("shard") or [0, 1]:
        case [int(number), int(count)] if 0 <= number < count:
            return number, count
    return None


def _has(session: _Session, server: str | None) -> bool:
    """Direct messages are the first shard's."""
    number, count = session.shard
    return (int(server) >> 22) % count == number if server and server.isdigit() else number == 0


def _wants(session: _Session, name: str, data: Json) -> bool:
    server = data.get("id") if name.startswith("GUILD_") else data.get("guild_id")
    if not _has(session, data.get("guild_id") or server):
        return False
    if name.startswith("MESSAGE_") and not data.get("guild_id"):
        return session.has(_DIRECT_MESSAGES)
    return name not in _INTENTS or session.has(_INTENTS[name])


def _as_allowed(session: _Session, name: str, data: Json) -> Json:
    """Without the privileged intent a bot sees only lines to itself."""
    if name != "MESSAGE_CREATE" or session.has(_MESSAGE_CONTENT) or not data.get("guild_id"):
        return data
    if any(user.get("bot") for user in data["mentions"]):
        return data
    return {**data, "content": "", "embeds": [], "attachments": [], "components": []}
