"""What a function is granted, and under which environment names it finds it.

`infra/` sets these names and grants what they point at, `local/` wires them on one machine,
`environment.py` reads them: one list, so that they cannot drift.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from waddlebot.domain import public_addresses
from waddlebot.domain.media_files import INCOMING, SERVED


class Need(StrEnum):
    WRITER = "writer"
    REPLICA = "replica"
    CACHE = "cache"
    LIMITS = "limits"
    STREAMS = "streams"


class Invoke(msgspec.Struct, frozen=True, kw_only=True):
    """May call this function, by its name in the catalogue."""

    function: str


class Secret(msgspec.Struct, frozen=True, kw_only=True):
    """Finds this environment variable set; on AWS it comes from the secret of the same name.

    A webhook's is put in at deploy; of all others the name stands there, and it is read when it is
    asked for (kept_secrets.py).
    """

    variable: str


class Outside(msgspec.Struct, frozen=True, kw_only=True):
    """May reach the internet, through `waddlebot/outside` alone; on AWS it has a way out.

    `hosts` are those it means to ask; none named means addresses that people gave.
    """

    hosts: tuple[str, ...] = ()


class Master(msgspec.Struct, frozen=True, kw_only=True):
    """May enter the database as its master, to make the user who owns the tables."""


class Sockets(msgspec.Struct, frozen=True, kw_only=True):
    """May write to sockets of this audience, and end them; on AWS from outside of our network,
    where API Gateway can be reached.
    """

    audience: str


class SocketAddress(msgspec.Struct, frozen=True, kw_only=True):
    """Tells its pages where sockets of this audience are opened; where it finds none set, that is
    the page's own address, as on one machine.
    """

    audience: str


class MediaFiles(msgspec.Struct, frozen=True, kw_only=True):
    """May do in the bucket of media files what MEDIA_RIGHTS has under `may`."""

    may: str


class MediaAddress(msgspec.Struct, frozen=True, kw_only=True):
    """Tells where media files are served; where it finds none set, that is the house's own address,
    as of a house without a domain.
    """


AnyNeed = (
    Need | Invoke | Secret | Outside | Master | Sockets | SocketAddress | MediaFiles | MediaAddress
)

MEDIA_RIGHTS: dict[str, tuple[tuple[str, str], ...]] = {
    "ask": (("s3:PutObject", INCOMING),),
    "read-back": (
        ("s3:GetObject", INCOMING),
        ("s3:DeleteObject", INCOMING),
        ("s3:PutObject", SERVED),
        ("s3:DeleteObject", SERVED),
    ),
    "serve": (("s3:GetObject", SERVED),),
}
"""Action and beginning of the key: who signs a form for an upload needs the right to it."""
MEDIA_BUCKET = "WADDLEBOT_MEDIA_BUCKET"
MEDIA_ADDRESS = "WADDLEBOT_MEDIA_ADDRESS"
"""The host under which files are served and nothing else; unset where the house has none."""
MEDIA_UPLOADS_AT = "WADDLEBOT_MEDIA_UPLOADS_AT"
"""Where a form is posted to, where that is not the bucket's own address."""
S3_ENDPOINT = "AWS_ENDPOINT_URL_S3"
"""The standard variable; unset on AWS, the store of this machine on one machine."""

MASTER_URL = "DATABASE_MASTER_URL"
"""Where the master enters; unset where one user is all there is, on a server of one's own."""

PASSWORDS_UNDER = "DATABASE_PASSWORDS_UNDER"
"""The beginning of the names under which the users' passwords are kept; unset where they have none,
and where they are made of the master's."""

SEAL_KEY = "WADDLEBOT_SEAL_KEY"
"""The master key of sealed tokens: whoever opens or seals any needs it, and nobody else."""
SEAL_KEY_BEFORE = "WADDLEBOT_SEAL_KEY_BEFORE"
"""The one before it, while it is changed; empty otherwise."""
SEALED = frozenset({Secret(variable=SEAL_KEY), Secret(variable=SEAL_KEY_BEFORE)})
"""What a function needs that works with tokens of connections."""

VARIABLES: dict[Need, str] = {
    Need.WRITER: "DATABASE_URL",
    Need.REPLICA: "DATABASE_REPLICA_URL",
    Need.CACHE: "VALKEY_CACHE_URL",
    Need.LIMITS: "VALKEY_LIMITS_URL",
    Need.STREAMS: "VALKEY_STREAMS_URL",
}
PARTITIONS = "WADDLEBOT_STREAM_PARTITIONS"
"""How many shares the streams are kept in; set wherever the streams are, 1 if it is not."""
FUNCTION_PREFIX = "WADDLEBOT_FUNCTION_PREFIX"
"""Put before a catalogue name it is the name of the deployed function."""
LIVE = "live"
"""The alias that every function is called by: what it points at is in force, and goes back at once.
"""
LAMBDA_ENDPOINT = "AWS_ENDPOINT_URL_LAMBDA"
"""The standard variable; unset on AWS, the local Lambda service on one machine."""
ENDPOINT = "AWS_ENDPOINT_URL"
"""The standard variable of all services, where Lambda's own is unset."""

CONNECTIONS_URLS = {"overlay": "WADDLEBOT_OVERLAY_CONNECTIONS_URL"}
"""By audience: the stage under which its open sockets are reached (`…/@connections/{id}`)."""

SOCKET_ADDRESSES = {"overlay": "WADDLEBOT_OVERLAY_SOCKET_ADDRESS"}
"""By audience: `wss://…`, behind which stands `?token=…&source=…`."""

STAND_INS = "WADDLEBOT_OUTSIDE_STAND_INS"
"""Who answers for a host on one machine: `hooks.example=http://127.0.0.1:8123,…`; unset on AWS."""

CERTIFICATES = "WADDLEBOT_SERVER_CERTIFICATES"
"""The file of certificates that servers must come from; unset on AWS: AWS's own, which we ship."""

PUBLIC_URL = public_addresses.VARIABLE
"""The address under which platforms and people reach us; unset where there is none."""

SIGNING_KEY = "WADDLEBOT_SIGNING_KEY"
"""What the secrets are made of with which we sign what we send to servers that people named."""


def variables(need: AnyNeed) -> tuple[str, ...]:
    """The environment names that a function with this need finds set."""
    if isinstance(need, Secret):
        return (need.variable,)
    if isinstance(need, Invoke):
        return (FUNCTION_PREFIX,)
    if isinstance(need, Outside):
        return ()
    if isinstance(need, Master):
        return (MASTER_URL,)
    if isinstance(need, Sockets):
        return (CONNECTIONS_URLS[need.audience],)
    if isinstance(need, SocketAddress):
        return (SOCKET_ADDRESSES[need.audience],)
    if isinstance(need, MediaFiles):
        return (MEDIA_BUCKET,)
    if isinstance(need, MediaAddress):
        return (MEDIA_ADDRESS,)
    return (VARIABLES[need],)
