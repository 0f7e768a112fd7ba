"""A ticker of what was deployed, as OBS meets it: its page, its socket and what it is pushed."""

from __future__ import annotations

import html
import json
import re
import socket
from typing import Any
from urllib.parse import urlencode, urlsplit

from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import ClientConnection, connect

from infra.rehearsal.front_door import PLACE, DeployedApi
from infra.rehearsal.progress import RehearsalFailed

SOURCE = "ticker"
PUSH_SECONDS = 60.0
_SOCKET = re.compile(r'data-socket="(wss?://[^"]+)"')


class RehearsedOverlay:
    """The community is that of the chat before, `key` the operator's."""

    def __init__(self, door: DeployedApi, key: str) -> None:
        self._door = door
        self._key = key

    def watch(self) -> str:
        """In words what was seen. Raises RehearsalFailed."""
        at = f"/api/communities/{self._community()}/overlays"
        path = urlsplit(self._asked("GET", f"{at}?source={SOURCE}")[0]["address"]).path
        token = path.split("/")[1]
        address = self._told_by_page(path)
        self._must_refuse(address)
        with _opened(f"{address}?{urlencode({'token': token, 'source': SOURCE})}") as obs:
            self._asked("POST", f"{at}/test", {"kind": SOURCE})
            pushed = _frame(obs)
            self._must_be_the_last(path, pushed)
            _must_only_read(obs)
        return f"a push by the socket of {urlsplit(address).netloc}, in {len(pushed)} fields"

    def _community(self) -> int:
        known = self._asked("GET", "/api/communities")
        return next(int(one["id"]) for one in known if one["home"] == PLACE)

    def _told_by_page(self, path: str) -> str:
        status, page = self._door.ask("GET", path)
        told = _SOCKET.search(page)
        if status != 200 or told is None:
            raise RehearsalFailed(f"the ticker's page names no socket: {status} {page[:300]}")
        return self._door.reached(html.unescape(told[1]))

    def _must_refuse(self, address: str) -> None:
        try:
            _opened(f"{address}?{urlencode({'token': 'guessed', 'source': SOURCE})}").close()
        except InvalidHandshake:
            return
        raise RehearsalFailed("a socket opened for a token that nobody has")

    def _must_be_the_last(self, path: str, pushed: dict[str, Any]) -> None:
        """The same object that the page is told when it asks."""
        status, text = self._door.ask("GET", f"{path}/state?after=0")
        known = json.loads(text)["pushes"] if status == 200 else []
        if pushed.get("source") != SOURCE or pushed.get("n") not in [one["n"] for one in known]:
            raise RehearsalFailed(f"pushed was {pushed}, and the state is {status} {text[:300]}")

    def _asked(self, method: str, path: str, body: object = None) -> Any:
        status, text = self._door.ask(
            method,
            path,
            b"" if body is None else json.dumps(body).encode(),
            {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"},
        )
        if status != 200:
            raise RehearsalFailed(f"{method} {path} was answered with {status}: {text[:500]}")
        return json.loads(text)["data"]


def _opened(address: str) -> ClientConnection:
    """Names under localhost are this machine, which its resolver need not know."""
    port = urlsplit(address).port
    line = socket.create_connection(("127.0.0.1", port), timeout=PUSH_SECONDS)
    return connect(address, sock=line, open_timeout=PUSH_SECONDS, proxy=None)


def _frame(obs: ClientConnection) -> dict[str, Any]:
    """Raises RehearsalFailed."""
    try:
        told: dict[str, Any] = json.loads(obs.recv(timeout=PUSH_SECONDS))
    except (TimeoutError, ConnectionClosed, ValueError) as error:
        raise RehearsalFailed(f"nothing came by the socket: {error!r}") from error
    return told


def _must_only_read(obs: ClientConnection) -> None:
    """What keeps it alive is answered, and whoever says anything else is shut out."""
    obs.send("ping")
    if (said := obs.recv(timeout=PUSH_SECONDS)) != "pong":
        raise RehearsalFailed(f"a ping was answered with {said!r}")
    obs.send("anything else")
    if (last := _frame(obs)).get("why") != "read-only":
        raise RehearsalFailed(f"whoever spoke was told {last}")
    try:
        obs.recv(timeout=PUSH_SECONDS)
    except ConnectionClosed:
        return
    raise RehearsalFailed("whoever spoke is still let in")
