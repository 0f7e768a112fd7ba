"""Whether this gateway is well: on a port of its own, for whoever keeps it up.

`GET /health` is for people: while a server is away it is 503. `GET /alive` is for who would end the
process for that: it has to stay then, and is dead only where its loop does not turn.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from aiohttp import web

from gateway_bot.shares import Shares


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayHealth:
    """Nothing secret is told: it may be asked without a key."""

    shares: Shares

    async def serve(self, port: int, stop: asyncio.Event) -> None:
        """Until `stop` is set. Raises OSError where somebody has the port."""
        app = web.Application()
        app.router.add_get("/health", self._answer)
        app.router.add_get("/alive", _alive)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        try:
            # From inside a container its health check comes over loopback too.
            await web.TCPSite(runner, "127.0.0.1", port).start()
            await stop.wait()
        finally:
            await runner.cleanup()

    async def _answer(self, _request: web.Request) -> web.Response:
        """200 while the others count on us, else 503: `{"success", "carries": [...]}`."""
        is_well = self.shares.liveness.lasts()
        body = {"success": is_well, "carries": self.shares.carried()}
        return web.json_response(body, status=200 if is_well else 503)


async def _alive(_request: web.Request) -> web.Response:
    """200: the loop that answers is the one that all jobs share."""
    return web.json_response({"success": True})
