"""A door of TLS before a PostgreSQL or a Valkey of this machine, which lets in whom AWS lets in.

It takes tokens and passwords as RDS and ElastiCache do (tokens.py), enters the real server as the
same user by the password that this has there, and carries on what both say. Neither server has TLS
itself.

    python -m infra.rehearsal.front fronts.json

`fronts.json`: `{"folder": …, "fronts": [{"kind": "database", "server": "postgresql://…", …}]}`, as
`Plan` says; when all listen it prints one JSON line a front, and ends with its standard input.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import ssl
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import unquote, urlsplit

import msgspec
import psycopg

from infra.rehearsal.certificates import Authority
from infra.rehearsal.doors import DATABASE, Door, enter_database, enter_valkey
from infra.rehearsal.tokens import Gate, Holder, NoEntry

LOOPBACK = "127.0.0.1"
CHUNK = 1 << 16
SERVICES = {DATABASE: "rds-db", "valkey": "elasticache"}
IS_OF_TOKENS: LiteralString = """
    WITH named AS (SELECT oid, rolname FROM pg_roles)
    SELECT EXISTS (
        SELECT FROM pg_auth_members
        WHERE roleid = to_regrole('rds_iam')
            AND member <> (SELECT oid FROM named WHERE rolname = %(master)s)
            AND pg_has_role((SELECT oid FROM named WHERE rolname = %(user)s), member, 'MEMBER')
    )
"""
"""That it may pass the role on does not make the master one of it on RDS; what it made does."""


class Plan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One front: before `server` (a URL with the password of `users`, by user; that of the URL
    for all others), in `region`, for whoever holds these keys.

    `group` is a Valkey's replication group; a database's tokens name `host` and the port here.
    `at` is the address of loopback where it listens.
    `shows` is another name on the certificate than `host`. With `cut_every_seconds` all
    connections are cut so often. `master` enters by its own of `passwords`, as on RDS: until
    somebody whom it made enters by tokens; where there is one, so do all others of rds_iam, and
    the rest by the password that the server has. Of Valkey's users, those in `shown` do by that.
    """

    kind: str
    server: str
    region: str
    holders: tuple[dict[str, Any], ...]
    host: str = "localhost"
    group: str = ""
    at: str = LOOPBACK
    port: int = 0
    shows: str = ""
    passwords: Mapping[str, str] = msgspec.field(default_factory=dict)
    master: str = ""
    shown: Mapping[str, str] = msgspec.field(default_factory=dict)
    cut_every_seconds: float = 0.0


@dataclass(slots=True, kw_only=True)
class Front:
    """`entered` and `refused` are what happened, in words."""

    plan: Plan
    tls: ssl.SSLContext
    gate: Gate
    port: int
    loop: asyncio.AbstractEventLoop
    entered: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    clock: Callable[[], datetime] = field(default=partial(datetime.now, UTC))
    _carried: set[asyncio.WriteTransport] = field(default_factory=set)

    def cut(self) -> int:
        """Every connection at once, in the middle of whatever is said; how many ends.

        From any thread.
        """
        carried = list(self._carried)
        for transport in carried:
            self.loop.call_soon_threadsafe(transport.abort)
        return len(carried)

    def password_of(self, user: str) -> str:
        told = urlsplit(self.plan.server)
        return self.plan.passwords.get(user) or unquote(told.password or "")

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client, from the first byte to the last."""
        try:
            await self._let_in_and_carry(reader, writer)
        except asyncio.CancelledError:
            pass  # the end of the front; Python 3.11 would print it as an error of ours
        finally:
            writer.transport.abort()

    async def _let_in_and_carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            server = await self._let_in(reader, writer)
        except NoEntry as refused:
            self.refused.append(str(refused))
        except (OSError, EOFError, ssl.SSLError) as error:
            self.refused.append(f"it went away: {error}")
        else:
            await self._carry(reader, writer, *server)

    async def _let_in(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        enter = enter_database if self.plan.kind == DATABASE else enter_valkey
        told = urlsplit(self.plan.server)
        door = Door(
            tls=self.tls,
            server=(told.hostname or LOOPBACK, told.port or 0),
            judge=self._judge,
        )
        return await enter(door, reader, writer)

    def _judge(self, shown: str, user: str) -> str:
        if user and user == self.plan.master:
            self._check_master(shown)
        elif self.plan.master and not self._is_of_tokens(user):
            return shown  # the server knows whether that is right
        elif user in self.plan.shown:
            _compare(shown, self.plan.shown[user], f"this is not the password of {user}")
        else:
            self.gate.check(shown, user, self.clock())
        self.entered.append(user)
        return self.password_of(user)

    def _check_master(self, shown: str) -> None:
        _compare(shown, self.plan.passwords[self.plan.master], "this is not the master's password")
        if self._is_of_tokens(self.plan.master):
            raise NoEntry("the master counts as one who enters by tokens")

    def _is_of_tokens(self, user: str) -> bool:
        with psycopg.connect(self.plan.server) as server:
            asked = {"user": user, "master": self.plan.master}
            return server.execute(IS_OF_TOKENS, asked).fetchone() == (True,)

    async def _carry(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        from_server: asyncio.StreamReader,
        to_server: asyncio.StreamWriter,
    ) -> None:
        transports = {writer.transport, to_server.transport}
        self._carried |= transports
        ways = [
            asyncio.ensure_future(_pump(reader, to_server)),
            asyncio.ensure_future(_pump(from_server, writer)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            self._carried -= transports
            to_server.transport.abort()


def _compare(shown: str, right: str, why: str) -> None:
    """Raises NoEntry."""
    if not hmac.compare_digest(shown.encode(), right.encode()):
        raise NoEntry(why)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while said := await reader.read(CHUNK):
            writer.write(said)
            await writer.drain()


async def serve(plan: Plan, authority: Authority) -> tuple[Front, asyncio.Server]:
    """Listens on loopback, at the plan's port or one that is free."""
    made: list[Front] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await made[0].take(reader, writer)

    tls = authority.server(plan.shows or plan.host)
    # A client of PostgreSQL asks for TLS first, one of Valkey begins with it.
    at_once = None if plan.kind == DATABASE else tls
    server = await asyncio.start_server(take, plan.at, plan.port, limit=CHUNK, ssl=at_once)
    port = server.sockets[0].getsockname()[1]
    gate = Gate(
        service=SERVICES[plan.kind],
        region=plan.region,
        name=plan.group or f"{plan.host}:{port}",
        holders=tuple(msgspec.convert(one, _Told).holder() for one in plan.holders),
    )
    loop = asyncio.get_running_loop()
    made.append(Front(plan=plan, tls=tls, gate=gate, port=port, loop=loop))
    return made[0], server


class _Told(msgspec.Struct, frozen=True, kw_only=True):
    key_id: str
    secret: str
    session_token: str = ""
    users: frozenset[str]

    def holder(self) -> Holder:
        return Holder(
            key_id=self.key_id,
            secret=self.secret,
            session_token=self.session_token,
            users=self.users,
        )


async def cut_now_and_then(front: Front) -> None:
    while front.plan.cut_every_seconds:
        await asyncio.sleep(front.plan.cut_every_seconds)
        front.cut()


@contextlib.contextmanager
def fronts(plans: list[Plan], folder: Path) -> Iterator[tuple[list[Front], Path]]:
    """In a thread of their own: the fronts, and the file of the authority that they show."""
    authority = Authority.found(folder)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    opened = [
        asyncio.run_coroutine_threadsafe(serve(plan, authority), loop).result() for plan in plans
    ]
    jobs = [asyncio.run_coroutine_threadsafe(cut_now_and_then(front), loop) for front, _ in opened]
    try:
        yield [front for front, _ in opened], authority.file
    finally:
        for job in jobs:
            job.cancel()
        asyncio.run_coroutine_threadsafe(_close(opened), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _close(opened: list[tuple[Front, asyncio.Server]]) -> None:
    for front, server in opened:
        server.close()
        front.cut()
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


def main(file: Path) -> int:
    told = msgspec.json.decode(file.read_bytes(), type=_Fronts)
    with fronts(list(told.fronts), Path(told.folder)) as (opened, authority):
        for front in opened:
            line = {"host": front.plan.host, "port": front.port, "certificates": str(authority)}
            print(msgspec.json.encode(line).decode(), flush=True)
        sys.stdin.read()
    return 0


class _Fronts(msgspec.Struct, frozen=True, kw_only=True):
    folder: str
    fronts: tuple[Plan, ...]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
