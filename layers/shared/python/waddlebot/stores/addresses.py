"""Where a server is and how it is entered: what the doors to PostgreSQL and Valkey are opened by.

An address is read in `runtime/entering.py`; a plain URL is one that says everything by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_IN_CLUSTER, _PREPARED = _FLAGS = ("cluster=1", "prepare=1")

Password = Callable[[], str]
"""Made anew for each connect. Raises Unavailable where whoever gives the keys is away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """For this user, over TLS that is checked: the server's certificate names the host that is
    meant, and comes from one of `certificates` (a file)."""

    user: str
    password: Password = field(repr=False)
    certificates: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """`url` as the server's library takes it; with an entrance it holds no password.

    `is_cluster`: it is one server of several shards, which name one another. `is_prepared`: a
    database keeps the plan of a statement that comes again; not where a pooler stands between,
    which gives each transaction another connection.
    """

    url: str = field(repr=False)
    entrance: Entrance | None = None
    is_cluster: bool = False
    is_prepared: bool = False


def address_at(told: Address | str) -> Address:
    """Of a URL, which may say `cluster=1` or `prepare=1`, or of what was read in it."""
    if isinstance(told, Address):
        return told
    parts = urlsplit(told)
    query = parts.query.split("&")
    if not set(query) & set(_FLAGS):
        return Address(url=told)
    rest = "&".join(one for one in query if one not in _FLAGS)
    return Address(
        url=parts._replace(query=rest).geturl(),
        is_cluster=_IN_CLUSTER in query,
        is_prepared=_PREPARED in query,
    )
