"""The catalogue's rows of overlays: pages, their sockets, and who writes to these."""

from __future__ import annotations

from functions.declaration import (
    CONNECT,
    DEFAULT,
    DISCONNECT,
    Audience,
    Function,
    HttpRoute,
    Schedule,
    SocketRoute,
)
from waddlebot.domain.overlays import OverlaySource
from waddlebot.runtime.needs import Invoke, MediaAddress, Need, SocketAddress, Sockets

SHOWS = Invoke(function="overlay-push")
"""Hands on what pages of overlays are to see now."""

OVERLAY = (
    Function(
        name="overlay",
        handler="functions.overlay.handler.handler",
        folders=("functions/overlay",),
        doors=(
            HttpRoute(method="GET", path="/overlay/{token}/{source}"),
            HttpRoute(method="GET", path="/overlay/{token}/{source}/{file}"),
            *(HttpRoute(method="GET", path=f"/{{token}}/{one}") for one in OverlaySource),
            *(HttpRoute(method="GET", path=f"/{{token}}/{one}/{{file}}") for one in OverlaySource),
        ),
        needs=frozenset(
            {
                *(Need.WRITER, Need.CACHE),
                *(SocketAddress(audience=Audience.OVERLAY), MediaAddress()),
            }
        ),
    ),
    Function(
        name="overlay-sockets",
        handler="functions.overlay.sockets_handler.handler",
        folders=("functions/overlay",),
        doors=(
            *(
                SocketRoute(key=key, audience=Audience.OVERLAY)
                for key in (CONNECT, DISCONNECT, DEFAULT)
            ),
            Schedule(every_minutes=1),
        ),
        needs=frozenset({Need.WRITER, Need.LIMITS, SHOWS}),
    ),
    Function(
        name="overlay-push",
        handler="functions.overlay.push_handler.handler",
        folders=("functions/overlay",),
        needs=frozenset({Sockets(audience=Audience.OVERLAY), Invoke(function="overlay-sockets")}),
        timeout_seconds=30,
        handed_over=True,
    ),
)
