"""A web address of a module's own: where a service sends people back, or a feed is read.

routes=(route("GET", "callback/{service}", connected),)

is found at `/modules/<module>/callback/spotify`. Nobody has signed in there and nobody is known:
whoever comes may be anyone, from each address as often as the route says. What proves that they
were sent stands in what they bring, a `state` that was given out, or a signature.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

MOST_BODY_BYTES = 64 * 1024
PER_MINUTE = 60
AT = "/modules"

Tools = TypeVar("Tools")

_METHODS = frozenset({"GET", "POST"})
_PART = r"(?:[a-z0-9][a-z0-9_.-]*|\{[a-z_]+\})"
_PATH = re.compile(rf"{_PART}(?:/{_PART})*")


@dataclass(frozen=True, slots=True, kw_only=True)
class WebRequest:
    """What came, without cookies and keys, which are for the house.

    `path` are the parts that the route names, `query` and `headers` by name, headers in small
    letters; `body` is as it was sent, no longer than the route takes. After `deadline` the answer
    is worthless. `web` is where the module's own addresses begin.
    """

    method: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    deadline: datetime
    web: str = ""

    def address(self, path: str) -> str:
        """As `Call.address`: where a service sends people back to, say."""
        return f"{self.web}/{path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAnswer:
    """`title` makes it a page for people, in the house's look: `text` is its one paragraph.

    Without it `text` is said as it stands, as `content_type` (no HTML). `location` leads on to
    another address, of the house (`/me`) or with https.
    """

    text: str = ""
    title: str = ""
    status: int = 200
    content_type: str = "text/plain; charset=utf-8"
    location: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebRoute(Generic[Tools]):
    """What a module does when somebody comes to this address of its own.

    From one address of theirs people come `per_minute` times; who comes more often waits.
    """

    method: str
    path: str
    body: Callable[[WebRequest, Tools], WebAnswer]
    most_bytes: int = MOST_BODY_BYTES
    per_minute: int = PER_MINUTE

    def address(self, module: str) -> str:
        """From the root of the house: `/modules/songs/callback`."""
        return f"{AT}/{module}/{self.path}"

    def key(self, module: str) -> str:
        """As gateways name it: `GET /modules/songs/callback`."""
        return f"{self.method} {self.address(module)}"


def route(
    method: str,
    path: str,
    body: Callable[[WebRequest, Tools], WebAnswer],
    *,
    most_bytes: int = MOST_BODY_BYTES,
    per_minute: int = PER_MINUTE,
) -> WebRoute[Tools]:
    """`per_minute`: a service that tells much by itself does so from few addresses.

    Raises ValueError: it is no method or path that a module may have.
    """
    if method not in _METHODS:
        raise ValueError(f"a route is GET or POST, not {method[:20]!r}")
    if not _PATH.fullmatch(path):
        raise ValueError(f"a route's path is like 'callback' or 'feed/{{name}}', not {path[:80]!r}")
    return WebRoute(
        method=method, path=path, body=body, most_bytes=most_bytes, per_minute=per_minute
    )
