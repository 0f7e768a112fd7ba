"""How a deployable declares itself: what wakes it, what it needs, how much it gets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from waddlebot.runtime.methods import ANY
from waddlebot.runtime.needs import AnyNeed


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRoute:
    """`path` may hold `{names}`, as API Gateway writes them."""

    method: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Woken by the clock every so many minutes, with an empty object as input."""

    every_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AtDeploy:
    """Called once per deployment (locally: per start), in this order; `order` counts from 1."""

    order: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploaded:
    """Called for each object that comes into the bucket of media files under this beginning, with
    EventBridge's event of S3; perhaps more than once.
    """

    under: str


class Audience(StrEnum):
    """Who opens a socket: an overlay shows its address's token, a person a ticket."""

    OVERLAY = "overlay"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketRoute:
    """One route of the WebSocket API of this audience; each audience has an API of its own."""

    key: str
    audience: Audience


CONNECT, DISCONNECT, DEFAULT = "$connect", "$disconnect", "$default"
SOCKET_PATHS: dict[Audience, tuple[str, ...]] = {
    Audience.OVERLAY: ("/{token}/{source}", "/overlay/{token}/{source}"),
}
"""Where sockets of an audience are on one host; to its API the names come in the query."""

Door = HttpRoute | SocketRoute | Schedule | AtDeploy | Uploaded


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """One row of the catalogue.

    `handler` is the dotted name, the same in Lambda, on one machine and in tests.
    `folders` is the code that ships with it, from the repository's root.
    `isolated`: a stranger's code; it gets the contract, no layer of ours and no variables.
    `quick`: somebody waits; on AWS it starts from a snapshot, locally a worker is kept warm.
    `handed_over`: its callers do not wait for it, so that AWS keeps what failed.
    `direct`: it enters the database past a proxy, which shares its sessions out.
    """

    name: str
    handler: str
    folders: tuple[str, ...]
    doors: tuple[Door, ...] = ()
    needs: frozenset[AnyNeed] = frozenset()
    timeout_seconds: float = 10.0
    memory_mb: int = 512
    concurrency: int = 10
    isolated: bool = False
    quick: bool = False
    handed_over: bool = False
    direct: bool = False


def gateway_routes(function: Function) -> tuple[HttpRoute, ...]:
    """As a gateway has them: each path takes any method, and the function tells them apart.

    So HEAD is answered as GET, and what may not be asked with 405 instead of 404
    (`waddlebot/runtime/methods.py`).
    """
    declared = [door for door in function.doors if isinstance(door, HttpRoute)]
    return tuple(dict.fromkeys(HttpRoute(method=ANY, path=route.path) for route in declared))


def socket_functions(
    functions: Iterable[Function],
) -> Mapping[Audience, Mapping[str, Function]]:
    """By audience and route key. An audience that has any has all three."""
    found: dict[Audience, dict[str, Function]] = {}
    for function in functions:
        for door in function.doors:
            if isinstance(door, SocketRoute):
                found.setdefault(door.audience, {})[door.key] = function
    return found
