"""The playground as an ASGI application: its files, and the two questions its page cannot ask."""

from __future__ import annotations

from collections.abc import Mapping

from local.playground.breakers import Breaker
from local.playground.offered import offered_commands
from local.playground.static_files import PAGE, find_file
from local.playground.why import RecordReader
from local.stand_ins.asgi import (
    AsgiAnswer,
    AsgiRequest,
    PathRouter,
    Receive,
    Scope,
    Send,
    json_answer,
    read_request,
    send_answer,
)
from local.stand_ins.nothing_here import not_found
from waddlebot.domain.overlays import OverlaySource


class Playground:
    """Serves `/` and `/playground/*`; its page asks these and the stand-ins, nobody else.

    `url` is the front's address. `values` holds WADDLEBOT_API_KEY, which stays on this side, and
    OVERLAY_TOKEN. `breakers` are offered in the page's menu under their names: `hang`,
    `stop_replica`, `start_replica`.
    """

    def __init__(
        self, *, url: str, values: Mapping[str, str], breakers: Mapping[str, Breaker]
    ) -> None:
        self._records = RecordReader(url=url, api_key=values["WADDLEBOT_API_KEY"])
        self._overlay = f"/overlay/{values['OVERLAY_TOKEN']}"
        self._breakers = breakers
        self._router = PathRouter()
        self._router.add("GET", "/", self._page)
        self._router.add("GET", "/playground/", self._page)
        self._router.add("GET", "/playground/why", self._why)
        self._router.add("GET", "/playground/commands", self._commands)
        self._router.add("GET", "/playground/overlay", self._to_overlay)
        self._router.add("GET", "/playground/breakers", self._list_breakers)
        self._router.add("POST", "/playground/breakers/{name}", self._break)
        self._router.add("GET", "/playground/{file}", self._file)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self._answer(await read_request(scope, receive, scope["path"]))
        await send_answer(answer, send)

    async def _answer(self, request: AsgiRequest) -> AsgiAnswer:
        found = self._router.find(request)
        if found is None:
            return _not_found(request)
        handler, request = found
        answer = await handler(request)
        # The router allows endless answers, too; the playground has none.
        return answer if isinstance(answer, AsgiAnswer) else _not_found(request)

    async def _page(self, request: AsgiRequest) -> AsgiAnswer:
        return find_file(PAGE) or _not_found(request)

    async def _file(self, request: AsgiRequest) -> AsgiAnswer:
        return find_file(request.params["file"]) or _not_found(request)

    async def _to_overlay(self, request: AsgiRequest) -> AsgiAnswer:
        """`?source=media` or `general`; the ticker where it does not say."""
        asked = request.ask("source")
        source = asked if asked in set(OverlaySource) else OverlaySource.TICKER
        address = f"{self._overlay}/{source}"
        return AsgiAnswer(status=302, headers={"location": address, "cache-control": "no-store"})

    async def _why(self, request: AsgiRequest) -> AsgiAnswer:
        """`{"sentences": [...], "hint": "Try as Max." or ""}` about `event_id`."""
        told = await self._records.why(request.ask("event_id"))
        return json_answer({"sentences": told.sentences, "hint": told.hint})

    async def _commands(self, _request: AsgiRequest) -> AsgiAnswer:
        return json_answer({"commands": offered_commands()})

    async def _list_breakers(self, _request: AsgiRequest) -> AsgiAnswer:
        return json_answer({"breakers": list(self._breakers)})

    async def _break(self, request: AsgiRequest) -> AsgiAnswer:
        breaker = self._breakers.get(request.params["name"])
        if breaker is None:
            return _not_found(request)
        # A page of somebody else's cannot send this content type without asking us first.
        if request.headers.get("content-type") != "application/json":
            return json_answer({"sentence": "This takes application/json."}, 415)
        return json_answer({"sentence": await breaker()})


def _not_found(request: AsgiRequest) -> AsgiAnswer:
    return not_found(request, "The playground has no such page. It is at /.")
