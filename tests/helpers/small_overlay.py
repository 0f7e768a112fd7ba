"""The overlay of the house that is the page alone: its files, its state, and its socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from functions.overlay.shown import shown
from local.settings import ROOT
from local.stand_ins.asgi import AsgiAnswer, Receive, Send
from waddlebot.stores.overlays import NumberedPush
from waddlebot_sdk import Ticker

OVERLAY = "/token-of-the-overlay/"
_LOOK_SECONDS = 0.02
Pushes = list[dict[str, Any]]


def ticker_of(text: str) -> Pushes:
    now, soon = datetime.now(UTC), datetime.now(UTC) + timedelta(seconds=60)
    content = Ticker(text).to_wire()
    push = NumberedPush(number=1, source="ticker", content=content, made_at=now, expires_at=soon)
    return [shown(push)]


def overlay_answer(name: str, kept: Sequence[dict[str, Any]]) -> AsgiAnswer:
    """Of what stands behind OVERLAY."""
    if name.endswith("/state"):
        now = datetime.now(UTC).timestamp()
        source = name.partition("/")[0]
        pushes = [one for one in kept if one["source"] == source]
        state = {"last": len(kept), "now": now, "pushes": pushes, "chat": None}
        return AsgiAnswer(
            headers={"content-type": "application/json"}, body=json.dumps(state).encode()
        )
    source, _, file = name.partition("/")
    page = ROOT / "functions" / "overlay" / "page"
    if file.endswith(".woff2"):
        return AsgiAnswer(headers={"content-type": "font/woff2"}, body=(page / file).read_bytes())
    body = "" if file == "look.css" else (page / (file or "page.html")).read_text()
    kind = {"js": "text/javascript", "css": "text/css"}
    return AsgiAnswer(
        headers={"content-type": kind.get(file.rpartition(".")[2], "text/html")},
        body=body.replace("{source}", source).encode(),
    )


async def show(kept: Callable[[], Pushes], receive: Receive, send: Send) -> None:
    """What is kept from now on, as the house's sockets push it."""
    await receive()
    await send({"type": "websocket.accept"})
    before, listening = kept(), asyncio.create_task(_until_it_closes(receive, send))
    while not listening.done():
        if (now := kept()) is not before:
            before = now
            for push in now:
                await send({"type": "websocket.send", "text": json.dumps(push)})
        await asyncio.sleep(_LOOK_SECONDS)


async def _until_it_closes(receive: Receive, send: Send) -> None:
    while (await receive())["type"] != "websocket.disconnect":
        await send({"type": "websocket.send", "text": "pong"})
