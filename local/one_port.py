"""Everything a person or a platform reaches on this machine, behind one port."""

from __future__ import annotations

import re
from dataclasses import dataclass

from local.callers import App, LocalCallers, Receive, Scope, Send
from local.object_store import AT as OBJECT_STORE
from local.stand_ins.asgi import json_answer, send_answer
from waddlebot.domain.media_files import AT as FILES
from waddlebot.domain.overlays import OverlaySource
from waddlebot_sdk.web import AT

STAND_INS = "/stand-ins"
PLAYGROUND = "/playground"
WEBHOOKS = "/webhooks/"
MODULES = f"{AT}/"
FORMS = "/forms/"
_OVERLAY = re.compile(
    rf"/(?:overlay/)?[\w-]{{16,128}}/(?:{'|'.join(OverlaySource)})(?:/[\w.-]{{1,64}})?", re.ASCII
)
_READING = frozenset({"GET", "HEAD"})
_WHAT_COMES_HERE = (
    "This port takes what platforms send to /webhooks/<platform>, what comes to /modules/<module>, "
    "forms, overlays and files by the addresses that the bot names, and nothing else."
)


def _is_public(method: str, path: str) -> bool:
    """What looks by itself at who comes: at a signature, at an address that nobody guesses."""
    if path.startswith((MODULES, FORMS)):
        return True
    if method in _READING:
        return path.startswith(f"{FILES}/") or _is_overlay(path)
    return method == "POST" and path.startswith(WEBHOOKS)


def _is_overlay(path: str) -> bool:
    return _OVERLAY.fullmatch(path) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnePort:
    """`front` is API Gateway's part; the playground has the root and its own files. The store of
    media files looks at signatures, whoever comes.
    """

    front: App
    store: App
    stand_ins: App
    playground: App
    callers: LocalCallers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._find(scope.get("path", ""))(scope, receive, send)

    def _find(self, path: str) -> App:
        if path == STAND_INS or path.startswith(f"{STAND_INS}/"):
            return self.callers.guarded(self.stand_ins)
        if path.startswith(f"{OBJECT_STORE}/"):
            return self.store
        if path == "/" or path.startswith(f"{PLAYGROUND}/"):
            return self.callers.guarded(self.playground)
        return self.front


@dataclass(frozen=True, slots=True, kw_only=True)
class TunnelPort:
    """What a tunnel may lead to (docs/decisions/0151): what platforms send, and what the bot names
    in chat under WADDLEBOT_PUBLIC_URL. Nobody's key counts here, and nobody signs in.
    """

    front: App
    store: App

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope["path"])
        if scope["type"] == "websocket":
            await self._watch(scope, receive, send)
        elif _is_public(scope["method"], path):
            await self.front(scope, receive, send)
        elif scope["method"] == "POST" and path.startswith(f"{OBJECT_STORE}/"):
            await self.store(scope, receive, send)
        else:
            error = {"code": "NOT_FOUND", "message": _WHAT_COMES_HERE}
            await send_answer(json_answer({"success": False, "error": error}, 404), send)

    async def _watch(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The socket of an overlay's page has the page's own address."""
        if _is_overlay(str(scope["path"])):
            await self.front(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesPort:
    """The host of files as CloudFront makes it: each path is below `/files`, and of what a viewer
    sends nothing else comes through.
    """

    front: App

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        path, raw = f"{FILES}{scope['path']}", FILES.encode() + scope["raw_path"]
        host = [(name, value) for name, value in scope["headers"] if name == b"host"]
        asked = {**scope, "path": path, "raw_path": raw, "query_string": b""}
        await self.front({**asked, "headers": host}, receive, send)
