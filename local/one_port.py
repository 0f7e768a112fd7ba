"""Everything a person or a platform reaches on this machine, behind one port."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

STAND_INS = "/stand-ins"
PLAYGROUND = "/playground"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnePort:
    """`front` is API Gateway's part; the playground has the root and its own files."""

    front: App
    stand_ins: App
    playground: App

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._find(scope.get("path", ""))(scope, receive, send)

    def _find(self, path: str) -> App:
        if path == STAND_INS or path.startswith(f"{STAND_INS}/"):
            return self.stand_ins
        if path == "/" or path.startswith(f"{PLAYGROUND}/"):
            return self.playground
        return self.front
