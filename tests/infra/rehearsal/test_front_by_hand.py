"""The front of a rehearsal, spoken to by hand: what no library says, and AWS refuses all the same.

A front that is kinder than AWS would let a rehearsal go green over a client that AWS turns away.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from urllib.parse import quote

import pytest

from infra.rehearsal.front import Front
from infra.rehearsal.tokens import Gate, Holder, NoEntry
from tests.helpers.fronts import GROUP, KEY_ID, REGION, SECRET, SESSION, VALKEY_USER, fronted
from tests.helpers.fronts import Fronted as Both
from tests.helpers.patience import eventually
from tests.helpers.servers import Urls
from waddlebot.runtime.credentials import Credentials
from waddlebot.runtime.signing import database_token, valkey_token

KEYS = Credentials(key_id=KEY_ID, secret=SECRET, session_token=SESSION)
ASKS_FOR_TLS = struct.pack("!ii", 8, 80877103)
SECONDS = 20.0
EARLY = "received unencrypted data after SSL request"
HOST, USER = "db.example:5432", "waddlebot_app"
MOMENT = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def both(servers: Urls) -> Iterator[Both]:
    with fronted(servers) as made:
        yield made


def database_token_now(both: Both) -> str:
    now = datetime.now(UTC)
    place = "localhost", both.database.port
    return database_token(*place, both.user, credentials=KEYS, region=REGION, now=now)


def valkey_token_now() -> str:
    return valkey_token(GROUP, VALKEY_USER, credentials=KEYS, region=REGION, now=datetime.now(UTC))


def over_tls(plain: socket.socket, both: Both) -> ssl.SSLSocket:
    context = ssl.create_default_context(cafile=both.variables["WADDLEBOT_SERVER_CERTIFICATES"])
    return context.wrap_socket(plain, server_hostname="localhost")


def connected(front: Front) -> socket.socket:
    return socket.create_connection(("127.0.0.1", front.port), timeout=SECONDS)


def start_of(user: str) -> bytes:
    told = struct.pack("!i", 196608) + b"user\0" + user.encode() + b"\0\0"
    return struct.pack("!i", len(told) + 4) + told


def message(kind: bytes, content: bytes) -> bytes:
    return kind + struct.pack("!i", len(content) + 4) + content


def said_to(line: socket.socket) -> bytes:
    """All until the front closes."""
    told = b""
    try:
        while part := line.recv(4096):
            told += part
    except OSError:
        pass
    return told


def refused(front: Front, why: str) -> bool:
    return eventually(lambda: any(why in one for one in front.refused))


@pytest.fixture(autouse=True)
def _nobody_was_refused(both: Both) -> None:
    both.database.refused.clear()
    both.valkey.refused.clear()


def test_what_came_before_tls_is_never_read_as_if_it_had_come_over_it(both: Both) -> None:
    """Somebody in between would choose the user, and have whoever comes after show a token."""
    with connected(both.database) as plain:
        plain.sendall(ASKS_FOR_TLS + start_of(both.user))
        assert plain.recv(1) == b"S"
        with over_tls(plain, both) as line:
            said = said_to(line)
    assert b"08P01" in said
    assert EARLY.encode() in said
    assert refused(both.database, EARLY)


def test_what_comes_between_the_answer_and_tls_ends_it(both: Both) -> None:
    with connected(both.database) as plain:
        plain.sendall(ASKS_FOR_TLS)
        assert plain.recv(1) == b"S"
        plain.sendall(start_of(both.user))
        # Either it was read as text before TLS began, or TLS did not understand it.
        with contextlib.suppress(ssl.SSLError, ConnectionError), over_tls(plain, both) as line:
            assert b"08P01" in said_to(line)
    assert eventually(lambda: both.database.refused)


def start(both: Both, first: bytes) -> ssl.SSLSocket:
    plain = connected(both.database)
    plain.sendall(ASKS_FOR_TLS)
    assert plain.recv(1) == b"S"
    line = over_tls(plain, both)
    line.sendall(first)
    return line


def test_by_hand_a_right_token_opens_as_well(both: Both) -> None:
    with start(both, start_of(both.user)) as line:
        assert line.recv(9) == message(b"R", struct.pack("!i", 3))
        line.sendall(message(b"p", database_token_now(both).encode() + b"\0"))
        assert line.recv(9) == message(b"R", struct.pack("!i", 0))


SHOWN_ODDLY: dict[str, Callable[[bytes], bytes]] = {
    "as a query": lambda token: message(b"Q", token + b"\0"),
    "without an end": lambda token: message(b"p", token),
    "with more behind its end": lambda token: message(b"p", token + b"\0more\0"),
    "with two ends": lambda token: message(b"p", token + b"\0\0"),
}


@pytest.mark.parametrize("how", SHOWN_ODDLY)
def test_a_right_token_that_is_shown_as_no_password_is_opens_nothing(both: Both, how: str) -> None:
    with start(both, start_of(both.user)) as line:
        line.recv(9)
        line.sendall(SHOWN_ODDLY[how](database_token_now(both).encode()))
        assert b"08P01" in said_to(line)
    assert refused(both.database, "expected password response")


@pytest.mark.parametrize(
    "first",
    [
        ASKS_FOR_TLS,
        start_of(""),
        start_of("")[:4] + struct.pack("!i", 131072) + start_of("")[8:],
        struct.pack("!ii", 14, 196608) + b"\xff\xfe\xfd\0\0\0",
    ],
    ids=["tls again", "nobody", "protocol 2", "no text"],
)
def test_a_start_without_a_user_is_refused_in_words(both: Both, first: bytes) -> None:
    with start(both, first) as line:
        assert b"no PostgreSQL user name" in said_to(line)
    assert refused(both.database, "no PostgreSQL user name")


def valkey_says(both: Both, said: bytes) -> bytes:
    """Its first answer; empty where it closes."""
    with over_tls(connected(both.valkey), both) as line:
        try:
            line.sendall(said)
            return line.recv(4096)
        except OSError:
            return b""


def command(*words: str) -> bytes:
    told = [word.encode(errors="surrogateescape") for word in words]
    return b"*%d\r\n" % len(told) + b"".join(b"$%d\r\n%s\r\n" % (len(one), one) for one in told)


def test_auth_takes_a_user_and_a_token(both: Both) -> None:
    assert valkey_says(both, command("AUTH", VALKEY_USER, valkey_token_now())) == b"+OK\r\n"
    assert valkey_says(both, command("PING")).startswith(b"-NOAUTH")


SHOWN_TO_VALKEY: dict[str, tuple[str, ...]] = {
    "no user": ("AUTH", "{}"),
    "nothing": ("AUTH",),
    "default": ("AUTH", "default", "{}"),
    "capitals": ("AUTH", VALKEY_USER.upper(), "{}"),
    "twice": ("AUTH", VALKEY_USER, "{}", "{}"),
    "no text": ("AUTH", VALKEY_USER, "{}\udcff"),
    "a blank behind": ("AUTH", VALKEY_USER, "{} "),
}


@pytest.mark.parametrize("how", SHOWN_TO_VALKEY)
def test_auth_in_any_other_way_opens_nothing(both: Both, how: str) -> None:
    words = [word.format(valkey_token_now()) for word in SHOWN_TO_VALKEY[how]]
    assert valkey_says(both, command(*words)).startswith(b"-WRONGPASS")
    assert eventually(lambda: both.valkey.refused)


@pytest.mark.parametrize(
    "said",
    [b"*2000\r\n", b"*2\r\n$4\r\nAUTH\r\n$60000\r\n", b"*" + b"9" * 200_000, b"*1\r\n$x\r\n"],
    ids=["words", "a long word", "a line without an end", "no number"],
)
def test_whoever_is_not_in_yet_says_no_more_than_valkey_would_hear(both: Both, said: bytes) -> None:
    assert valkey_says(both, said) == b""
    assert refused(both.valkey, "")


GATE = Gate(
    service="rds-db",
    region=REGION,
    name=HOST,
    holders=(Holder(key_id=KEY_ID, secret=SECRET, session_token=SESSION, users=frozenset({USER})),),
)


def gate_token(**other: str) -> str:
    host, _, port = HOST.partition(":")
    region = other.get("region", REGION)
    return database_token(host, int(port), USER, credentials=KEYS, region=region, now=MOMENT)


def signed_with(pairs: str) -> str:
    """A token whose holder has signed more than a token says: botocore signs what it is told."""
    from botocore.auth import SigV4QueryAuth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials as Keys

    request = AWSRequest("GET", f"https://{HOST}/?Action=connect&DBUser={USER}{pairs}")
    SigV4QueryAuth(Keys(KEY_ID, SECRET, SESSION), "rds-db", REGION, 900).add_auth(request)
    return str(request.url).removeprefix("https://")


def behind(token: str, more: str) -> str:
    return token + more


TOUCHED: dict[str, Callable[[str], str]] = {
    "a parameter behind": partial(behind, more="&Marker=1"),
    "another user behind": partial(behind, more="&DBUser=waddlebot_owner"),
    "its user once more": partial(behind, more=f"&DBUser={USER}"),
    "a small name behind": partial(behind, more="&dbuser=waddlebot_owner"),
    "a longer time behind": partial(behind, more="&X-Amz-Expires=86400"),
    "another signature behind": partial(behind, more="&X-Amz-Signature=" + "0" * 64),
    "an empty one behind": partial(behind, more="&X-Amz-Meta="),
    "an ampersand behind": partial(behind, more="&&x"),
    "a fragment": partial(behind, more="#x"),
    "a blank": partial(behind, more=" "),
    "a new line": lambda token: token.replace("Action", "Act\nion"),
    "a tab": partial(behind, more="\t"),
    "a letter of no ASCII": partial(behind, more="é"),
    "small names": lambda token: token.replace("X-Amz-", "x-amz-"),
    "a coded name": lambda token: token.replace("X-Amz-Signature", "X-Amz-%53ignature"),
    "a large signature": lambda token: token[:-64] + token[-64:].upper(),
    "no algorithm": lambda token: token.replace("X-Amz-Algorithm=AWS4-HMAC-SHA256&", ""),
    "digits of another script": lambda token: token.replace("=900&", f"={quote('٩٠٠')}&"),
    "no session": lambda token: token.replace(
        f"X-Amz-Security-Token={quote(SESSION, safe='')}&", ""
    ),
    "another path": lambda token: token.replace("/?", "/x?"),
    "no path": lambda token: token.replace("/?", "?"),
    "large host": lambda token: token.replace("db.example", "DB.example"),
    "somebody before the host": partial(str.__add__, "x@"),
}


def test_the_gate_takes_a_token_as_it_was_signed() -> None:
    GATE.check(gate_token(), USER, MOMENT)
    GATE.check(signed_with(""), USER, datetime.now(UTC))


@pytest.mark.parametrize("how", TOUCHED)
def test_a_token_with_anything_behind_or_beside_opens_nothing(how: str) -> None:
    touched = TOUCHED[how](gate_token())
    assert touched != gate_token()
    with pytest.raises(NoEntry):
        GATE.check(touched, USER, MOMENT)


@pytest.mark.parametrize("more", ["&Marker=1", "&X-Amz-Algorithm=none", "&dbuser=x"])
def test_what_its_holder_signed_beside_is_no_part_of_a_token_either(more: str) -> None:
    with pytest.raises(NoEntry):
        GATE.check(signed_with(more), USER, datetime.now(UTC))
