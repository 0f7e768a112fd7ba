"""Who may use the stand-ins and the playground: who sits at this machine, nobody through it.

A stand-in signs what anybody types into it, so the port must not take a web page's word (forms, DNS
rebinding) or a tunnel's for that of the person at the keyboard.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

from local.neighbours import STATE, Neighbour
from local.stand_ins.asgi import AsgiAnswer, json_answer, send_answer
from local.stand_ins.nothing_here import as_page
from waddlebot.runtime.looks import wants_page

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = Sequence[tuple[str, str]]

NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
JSON = "application/json"
_HOST = re.compile(r"(\[[0-9a-f:]+\]|[a-z0-9._-]+)(?::\d{1,5})?")
_FORWARDED = ("x-forwarded-", "cf-", "tailscale-", "ngrok-")
_FORWARDED_TOO = frozenset(
    {"forwarded", "via", "x-real-ip", "true-client-ip", "x-original-host", "x-client-ip"}
)
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
# Paths of the platforms' own: a bot calls them with its token, and forms are what some take.
_FOR_BOTS = ("/stand-ins/discord/", "/stand-ins/slack/", "/stand-ins/twitch/")

AWAY = "The stand-ins and the playground are for this machine alone: http://localhost:{port}."
THROUGH = (
    "This came through a tunnel or a proxy, and the stand-ins and the playground are for this "
    "machine alone. Let a tunnel lead to the port of WADDLEBOT_TUNNEL=1; a remote desktop's name "
    "goes into PLAYGROUND_HOST."
)
NAMED = (
    "The stand-ins and the playground answer to localhost, not to this name. The name of a remote "
    "desktop goes into PLAYGROUND_HOST."
)
ANOTHERS = "The stand-ins and the playground are for whoever started them, not for others here."
FOREIGN = "A page of somebody else's asks; the stand-ins and the playground answer their own alone."
TYPED = "This takes application/json."


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalCallers:
    """`host` is the name of a remote desktop that is this machine as well, empty where none is."""

    port: int
    host: str = ""

    def guarded(self, app: App) -> App:
        async def guard(scope: Scope, receive: Receive, send: Send) -> None:
            refused = self.refusal(scope)
            if refused is None:
                await app(scope, receive, send)
            elif scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
            else:
                await send_answer(_for_reader(refused, scope), send)

        return guard

    def refusal(self, scope: Scope) -> AsgiAnswer | None:
        """None for whoever may."""
        headers = _headers(scope)
        if not _is_loopback(scope):
            return _refused(AWAY.format(port=self.port))
        if not _is_ours(scope):
            return _refused(ANOTHERS)
        if sentence := self._misdirected(headers):
            return _refused(sentence)
        if self._is_foreign(headers):
            return _refused(FOREIGN)
        if _must_be_json(scope) and _kind(headers) != JSON:
            return _refused(TYPED, 415)
        return None

    def _misdirected(self, headers: Headers) -> str:
        """Why the name it was asked by is none of this machine's; empty where it is one."""
        hosts = [_host(value) for name, value in headers if name in ("host", "x-forwarded-host")]
        if self.host and self.host in hosts and {*hosts} <= {*NAMES, self.host}:
            return ""
        if any(name.startswith(_FORWARDED) or name in _FORWARDED_TOO for name, _ in headers):
            return THROUGH
        return "" if len(hosts) == 1 and hosts[0] in NAMES else NAMED

    def _is_foreign(self, headers: Headers) -> bool:
        """Browsers say which page asks, and never lie about it; other programs say nothing."""
        hosts = [value.lower() for name, value in headers if name == "host"]
        origins = [value.lower() for name, value in headers if name == "origin"]
        told = dict(headers)
        goes_there = told.get("sec-fetch-mode") == "navigate"
        if told.get("sec-fetch-site") in ("cross-site", "same-site") and not goes_there:
            return True
        return any(not self._is_own(origin, hosts) for origin in origins)

    def _is_own(self, origin: str, hosts: Sequence[str]) -> bool:
        scheme, _, where = origin.partition("://")
        return (scheme == "http" and where in hosts) or (
            bool(self.host) and scheme in ("http", "https") and _host(where) == self.host
        )


def _headers(scope: Scope) -> Headers:
    return [
        (name.decode("latin-1").lower(), value.decode("latin-1"))
        for name, value in scope["headers"]
    ]


def _is_loopback(scope: Scope) -> bool:
    try:
        return ipaddress.ip_address(scope["client"][0]).is_loopback
    except (KeyError, TypeError, ValueError):
        return False


def _is_ours(scope: Scope) -> bool:
    """Not another person's program; a server that keeps no neighbours leaves it at loopback."""
    neighbour = scope.get("state", {}).get(STATE)
    return not isinstance(neighbour, Neighbour) or neighbour.is_ours


def _host(value: str) -> str:
    """The name without its port, in small letters; empty where it is no name."""
    found = _HOST.fullmatch(value.lower())
    return found[1].strip("[]") if found else ""


def _must_be_json(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] in _READING:
        return False
    return not str(scope["path"]).startswith(_FOR_BOTS)


def _kind(headers: Headers) -> str:
    return dict(headers).get("content-type", "").partition(";")[0].strip().lower()


def _for_reader(refused: AsgiAnswer, scope: Scope) -> AsgiAnswer:
    """A person reads a page."""
    if not wants_page(str(scope.get("method")), dict(_headers(scope)).get("accept", "")):
        return refused
    return as_page(refused, json.loads(refused.body)["error"]["message"])


def _refused(sentence: str, status: int = 403) -> AsgiAnswer:
    error = {"code": "FORBIDDEN", "message": sentence}
    return json_answer({"success": False, "error": error}, status)
