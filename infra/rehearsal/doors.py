"""How a client of each kind is let in, and how the real server is entered in its place.

Sources: PostgreSQL, "Message Flow" and "Message Formats"; the Valkey protocol (RESP2).
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable
from dataclasses import dataclass
from ssl import SSLContext

from infra.rehearsal.scram import Scram
from infra.rehearsal.tokens import NoEntry

DATABASE = "database"
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]

_SSL, _GSS, _CANCEL = 80877103, 80877104, 80877102
_PROTOCOL, _VIOLATION = 3, "08P01"
_MOST_BYTES = 64 * 1024
_MOST_WORDS, _MOST_OF_A_WORD = 10, 16 * 1024
"""So much a client of Valkey says before it is let in."""
_OK, _CLEARTEXT, _SASL, _SASL_GOES_ON = 0, 3, 10, 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """`judge` gives the password by which the real server lets the user in who shows this, and
    raises NoEntry where it does not let that user in."""

    tls: SSLContext
    server: tuple[str, int]
    judge: Callable[[str, str], str]


async def enter_database(
    door: Door, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> Streams:
    """As RDS: encrypted or not at all, and a token where elsewhere a password is."""
    start = await _start_packet(reader)
    if _code_of(start) == _GSS:
        writer.write(b"N")
        start = await _start_packet(reader)
    if _code_of(start) != _SSL:
        await _refuse(writer, "no pg_hba.conf entry for host, no encryption")
        raise NoEntry("it did not ask for TLS")
    await _begin_tls(door, reader, writer)
    start = await _start_packet(reader)
    if _code_of(start) == _CANCEL:
        return await _opened(door, start)
    user = await _user_of(start, writer)
    writer.write(_message(b"R", struct.pack("!i", _CLEARTEXT)))
    shown = await _password(reader, writer)
    try:
        password = door.judge(shown, user)
    except NoEntry:
        await _refuse(writer, f'PAM authentication failed for user "{user}"')
        raise
    server = await _opened(door, start)
    try:
        await _prove(*server, password)
    except NoEntry:  # a token that is right, of a user that is not there; a wrong password
        server[1].transport.abort()
        await _refuse(writer, f'PAM authentication failed for user "{user}"')
        raise
    writer.write(_message(b"R", struct.pack("!i", _OK)))
    return server


async def _begin_tls(
    door: Door, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """What came in the clear would be read as if it had come over TLS: CVE-2021-23214."""
    writer.write(b"S")
    await writer.drain()
    writer.transport.pause_reading()  # type: ignore[attr-defined]
    early = await _has_come(reader)
    await writer.start_tls(door.tls)
    if early:
        why = "received unencrypted data after SSL request"
        await _refuse(writer, why, _VIOLATION)
        raise NoEntry(why)


async def _has_come(reader: asyncio.StreamReader) -> bool:
    """Whether something waits to be read, of a reader that gets nothing more."""
    asked = asyncio.ensure_future(reader.read(1))
    await asyncio.sleep(0)
    if asked.done():
        return asked.result() != b""
    asked.cancel()
    await asyncio.wait([asked])
    return False


async def _user_of(start: bytes, writer: asyncio.StreamWriter) -> str:
    words = start[8:].split(b"\0")
    told = dict(zip(words[::2], words[1::2], strict=False))
    try:
        user = told.get(b"user", b"").decode()
    except UnicodeDecodeError:
        user = ""
    if _code_of(start) >> 16 != _PROTOCOL or not user:
        why = "no PostgreSQL user name specified in startup packet"
        await _refuse(writer, why)
        raise NoEntry(why)
    return user


async def _password(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str:
    """One text in a message of its own kind, as PostgreSQL reads it."""
    kind, content = await _read_message(reader)
    if kind != b"p" or content.count(b"\0") != 1 or content[-1:] != b"\0":
        why = "expected password response"
        await _refuse(writer, why, _VIOLATION)
        raise NoEntry(why)
    return content[:-1].decode(errors="replace")


async def _opened(door: Door, first: bytes) -> Streams:
    from_server, to_server = await asyncio.open_connection(*door.server)
    to_server.write(first)
    return from_server, to_server


async def _prove(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, password: str) -> None:
    scram = Scram(password)
    while True:
        kind, content = await _read_message(reader)
        if kind != b"R":
            raise NoEntry(f"the real server does not let it in: {content!r}")
        [asked] = struct.unpack("!i", content[:4])
        if asked == _OK:
            return
        if asked == _SASL:
            first = b"SCRAM-SHA-256\0" + struct.pack("!i", len(scram.first)) + scram.first
            writer.write(_message(b"p", first))
        elif asked == _SASL_GOES_ON:
            writer.write(_message(b"p", scram.answer(content[4:])))


async def _start_packet(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readexactly(4)
    [size] = struct.unpack("!i", head)
    if not 8 <= size <= _MOST_BYTES:
        raise NoEntry("this is no client of PostgreSQL")
    return head + await reader.readexactly(size - 4)


def _code_of(start: bytes) -> int:
    [code] = struct.unpack("!i", start[4:8])
    return int(code)


async def _read_message(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    kind = await reader.readexactly(1)
    [size] = struct.unpack("!i", await reader.readexactly(4))
    if not 4 <= size <= _MOST_BYTES:
        raise NoEntry("a message of no size")
    return kind, await reader.readexactly(size - 4)


def _message(kind: bytes, content: bytes) -> bytes:
    return kind + struct.pack("!i", len(content) + 4) + content


async def _refuse(writer: asyncio.StreamWriter, why: str, state: str = "28000") -> None:
    fields = b"".join(
        code + value.encode() + b"\0"
        for code, value in ((b"S", "FATAL"), (b"V", "FATAL"), (b"C", state), (b"M", why))
    )
    writer.write(_message(b"E", fields + b"\0"))
    await writer.drain()


async def enter_valkey(
    door: Door, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> Streams:
    """As ElastiCache: nothing before AUTH; there is TLS since the first byte."""
    while (words := await _command(reader))[0].upper() != b"AUTH":
        writer.write(b"-NOAUTH Authentication required.\r\n")
    try:
        password = door.judge(*_shown(words)).encode()
    except NoEntry:
        writer.write(b"-WRONGPASS invalid username-password pair or user is disabled.\r\n")
        await writer.drain()
        raise
    from_server, to_server = await asyncio.open_connection(*door.server)
    to_server.write(b"*2\r\n$4\r\nAUTH\r\n$%d\r\n%s\r\n" % (len(password), password))
    if await from_server.readline() != b"+OK\r\n":
        to_server.transport.abort()
        raise NoEntry("the real server does not let it in")
    writer.write(b"+OK\r\n")
    return from_server, to_server


def _shown(words: list[bytes]) -> tuple[str, str]:
    """What is shown for whom. With one word alone it would be the user `default`, whom AWS has
    without a way in beside a user of IAM."""
    if len(words) != 3:
        raise NoEntry("AUTH without a user")
    try:
        return words[2].decode(), words[1].decode()
    except UnicodeDecodeError as error:
        raise NoEntry("this is no token") from error


async def _command(reader: asyncio.StreamReader) -> list[bytes]:
    count = await _number(reader, b"*", _MOST_WORDS)
    words = []
    for _ in range(count):
        size = await _number(reader, b"$", _MOST_OF_A_WORD)
        words.append((await reader.readexactly(size + 2))[:-2])
    return words


async def _number(reader: asyncio.StreamReader, kind: bytes, most: int) -> int:
    try:
        line = await reader.readline()
    except ValueError as error:
        raise NoEntry("a line without an end") from error
    if not line:
        raise EOFError
    number = line[1:].strip()
    if line[:1] != kind or not number.isdigit() or not 0 < int(number[:9]) <= most:
        raise NoEntry("this is no command of a client of Valkey")
    return int(number)
