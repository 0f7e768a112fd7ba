"""Connections for tests: a seal of their own, and tokens that are found wherever they leak."""

from __future__ import annotations

import base64
import secrets
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from waddlebot.domain.connections import HOUSE, Connection, Owner, Tokens
from waddlebot.stores.connections import Connections
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.sealing import Seal


def new_master() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


MASTER = new_master()


def connections_of(postgres: Postgres, *, master: str = MASTER, before: str = "") -> Connections:
    return Connections(postgres, Seal.under(master, before=before))


def canary() -> Tokens:
    """With signs that are written otherwise in an address."""
    return Tokens(
        access=f"xoxe.canary+/{secrets.token_urlsafe(24)}=",
        refresh=f"xoxe-1-canary+/{secrets.token_urlsafe(24)}=",
    )


def traces(tokens: Tokens) -> list[bytes]:
    """Each as it is, in an address, in base64 at all three offsets, in hexadecimal digits."""
    found = []
    for token in filter(None, (tokens.access, tokens.refresh)):
        raw = token.encode()
        found += [raw, quote(token, safe="").encode(), raw.hex().encode()]
        for shift in range(3):
            plain = base64.b64encode(b"\0" * shift + raw)[4:-4]
            found += [plain, plain.replace(b"+", b"-").replace(b"/", b"_")]
    return found


def in_an_hour() -> datetime:
    return datetime.now(UTC) + timedelta(hours=1)


def a_connection(
    account: str = "T1", *, service: str = "slack", owner: Owner = HOUSE, name: str = "Penguins"
) -> Connection:
    return Connection(
        service=service,
        account=account,
        owner=owner,
        scopes=frozenset({"chat:write"}),
        expires_at=in_an_hour(),
        name=name,
    )
