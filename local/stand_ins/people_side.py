"""The people's side of the stand-ins: say something, see what happens, break things."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from local.stand_ins import faults
from local.stand_ins.asgi import AsgiAnswer, AsgiRequest, Handler, PathRouter, Stream, json_answer
from local.stand_ins.discord.gateway import Gateway
from local.stand_ins.discord.wire import STAGES
from local.stand_ins.faults import Fault
from local.stand_ins.feed import Wanted, is_reply, wanted_items
from local.stand_ins.items import Item
from local.stand_ins.people import PEOPLE, StandInPerson
from local.stand_ins.places import StandInPlace
from local.stand_ins.platform import Happened, StandInPlatform, Surroundings, UnknownHappening
from local.stand_ins.webhooks import Attempt, Deliveries, Delivery, Landed

_MOST_CHARACTERS = 4_000


class _Unusable(Exception):
    """A request that cannot be done; the sentence is for whoever made it."""


class PeopleSide:
    def __init__(
        self, around: Surroundings, platforms: Mapping[str, StandInPlatform], gateway: Gateway
    ) -> None:
        self._around = around
        self._platforms = platforms
        self._gateway = gateway
        self._deliveries = Deliveries()

    def routes(self, router: PathRouter) -> None:
        router.add("POST", "/says", _explained(self._says))
        router.add("POST", "/happens", _explained(self._happens))
        router.add("POST", "/break", _explained(self._break))
        router.add("GET", "/break", self._list_faults)
        router.add("GET", "/replies", _explained(self._replies))
        router.add("GET", "/feed", _explained(self._feed))
        router.add("GET", "/people", self._people)
        router.add("GET", "/places", self._places)
        router.add("GET", "/gateway", self._gateway_figures)

    async def _says(self, request: AsgiRequest) -> AsgiAnswer:
        fields = request.fields()
        text = str(fields.get("text") or "")
        if not text.strip() or len(text) > _MOST_CHARACTERS:
            raise _Unusable(f"text must hold 1 to {_MOST_CHARACTERS} characters.")
        person, place, platform = self._who_and_where(fields)
        spoken = platform.say(person, place, text)
        line = self._around.feed.show(
            "line",
            place,
            text,
            who=person.login,
            message=spoken.message_id,
            event_id=spoken.delivery.event_id,
        )
        landed = await self._deliver(spoken.delivery)
        return _landed_answer(spoken.delivery, landed, message_id=spoken.message_id, n=line.n)

    async def _happens(self, request: AsgiRequest) -> AsgiAnswer:
        fields = request.fields()
        person, place, platform = self._who_and_where(fields)
        happened = Happened(person=person, place=place, details=fields)
        try:
            delivery = platform.happen(str(fields.get("type")), happened)
        except UnknownHappening as unknown:
            raise _Unusable(str(unknown)) from unknown
        return _landed_answer(delivery, await self._deliver(delivery))

    async def _deliver(self, delivery: Delivery) -> Landed:
        place = delivery.place
        if self._around.faults.take(place.platform, frozenset({"out_of_order"}), place.channel):
            return self._deliveries.hold(delivery)
        return await self._deliveries.send(delivery)

    async def _break(self, request: AsgiRequest) -> AsgiAnswer:
        fields = request.fields()
        on, what = str(fields.get("on")), str(fields.get("what"))
        if what not in (ways := self._around.faults.known.get(on, {})):
            known = ", ".join(ways) or f"nothing: on is {', '.join(self._around.faults.known)}"
            raise _Unusable(f"What can break on {on}: {known}.")
        self._must_be_open(on)
        is_platform = on in faults.LIST
        if is_platform and what in faults.GATEWAY:
            await self._break_gateway(what, fields)
            return json_answer({"broken": what})
        if is_platform and what in ("repeat", "forge"):
            return await self._send_again(fields, is_forged=what == "forge")
        self._around.faults.plan(_fault(on, what, fields))
        return json_answer({"broken": what})

    async def _gateway_figures(self, _request: AsgiRequest) -> AsgiAnswer:
        """How a bot behaves at Discord's gateway; see Gateway.figures."""
        return json_answer(self._gateway.figures())

    async def _break_gateway(self, what: str, fields: Mapping[str, Any]) -> None:
        code = fields.get("code", 1001)
        if not isinstance(code, int) or not (code == 0 or 1000 <= code < 5000):
            raise _Unusable("code is a number, 1000 to 4999, or 0.")
        if what == "reconnect":
            await self._gateway.reconnect()
        elif what == "close":
            await self._gateway.close(code or 1001)
        elif what == "odd_frame":
            await self._gateway.say(str(fields.get("text", "")))
        elif what == "turn_away":
            stage = str(fields.get("stage"))
            if stage not in STAGES:
                raise _Unusable(f"stage is one of {', '.join(STAGES)}.")
            self._gateway.turning_away.plan(stage, code, _count(fields))
        else:
            await self._gateway.invalidate(resumable=fields.get("resumable") is True)

    async def _send_again(self, fields: Mapping[str, Any], *, is_forged: bool) -> AsgiAnswer:
        event_id, channel = str(fields.get("event_id") or ""), str(fields.get("channel") or "")
        delivery = self._deliveries.find(str(fields["on"]), event_id, channel)
        if delivery is None:
            raise _Unusable("There is no such event yet: say something first.")
        landed = Landed(accepted=False)
        for number in range(1, _count(fields) + 1):
            landed = await delivery.send(
                Attempt(retry=0 if is_forged else number, forged=is_forged)
            )
        return _landed_answer(delivery, landed)

    async def _list_faults(self, _request: AsgiRequest) -> AsgiAnswer:
        return json_answer(self._around.faults.known)

    async def _replies(self, request: AsgiRequest) -> AsgiAnswer:
        wanted = _replies_only(_wanted(request))
        after, wait = _number(request, "after"), _number(request, "wait")
        items = await self._around.feed.wait_after(int(after), wanted, wait)
        replies = [item.as_reply() for item in items]
        return json_answer({"replies": replies, "last": self._around.feed.last})

    async def _feed(self, request: AsgiRequest) -> Stream:
        after = request.headers.get("last-event-id") or request.ask("after", "0")
        if not after.isdigit():
            raise _Unusable(
                "Last-Event-ID (or after) is the number of the last item that was read."
            )
        chunks = self._around.feed.server_sent_events(int(after), _wanted(request))
        return Stream(content_type="text/event-stream", chunks=chunks)

    async def _people(self, _request: AsgiRequest) -> AsgiAnswer:
        people = [
            {"as": person.login, "name": person.name, "role": person.role, "ids": dict(person.ids)}
            for person in PEOPLE.values()
        ]
        return json_answer({"people": people})

    async def _places(self, _request: AsgiRequest) -> AsgiAnswer:
        places = [_place_body(p) for p in self._around.places.known()]
        return json_answer({"places": places, "closed": dict(self._around.closed)})

    def _who_and_where(
        self, fields: Mapping[str, Any]
    ) -> tuple[StandInPerson, StandInPlace, StandInPlatform]:
        login, on = str(fields.get("as") or ""), str(fields.get("on") or "")
        if not login.isalnum() or len(login) > 25:
            raise _Unusable(f"as is one of {', '.join(PEOPLE)}, or any other viewer's name.")
        if on not in self._platforms:
            raise _Unusable(f"on is one of {', '.join(self._platforms)}.")
        self._must_be_open(on)
        person = self._around.people.named(login)
        return person, self._where(on, person, fields), self._platforms[on]

    def _must_be_open(self, on: str) -> None:
        if on in self._around.closed:
            raise _Unusable(self._around.closed[on])

    def _where(self, on: str, person: StandInPerson, fields: Mapping[str, Any]) -> StandInPlace:
        if fields.get("private"):
            return self._around.places.direct(on, person.ids[on])
        channel, server = fields.get("channel"), fields.get("server")
        place, is_new = self._around.places.open(
            on, str(channel) if channel else None, str(server) if server else None
        )
        if is_new:
            self._platforms[on].announce(place)
        return self._thread(place, fields) if fields.get("thread") else place

    def _thread(self, within: StandInPlace, fields: Mapping[str, Any]) -> StandInPlace:
        """With `untold` the bot has not heard that it was made: it was away then."""
        if within.platform != "discord":
            raise _Unusable("Only Discord's threads are places of their own.")
        place, is_new = self._around.places.thread(within.platform, str(fields["thread"]), within)
        if is_new and not fields.get("untold"):
            self._platforms[within.platform].announce(place)
        return place


def _explained(handler: Callable[[AsgiRequest], Awaitable[AsgiAnswer | Stream]]) -> Handler:
    async def explained(request: AsgiRequest) -> AsgiAnswer | Stream:
        try:
            return await handler(request)
        except _Unusable as unusable:
            error = {"code": "INVALID_REQUEST", "message": str(unusable)}
            return json_answer({"success": False, "error": error}, 400)

    return explained


def _landed_answer(delivery: Delivery, landed: Landed, **more: Any) -> AsgiAnswer:
    place = delivery.place
    where = {"channel": place.channel, "entity_id": place.entity_id}
    what = {"accepted": landed.accepted, "status": landed.status, "why": landed.why}
    return json_answer({"event_id": delivery.event_id, **more, **where, **what})


def _place_body(place: StandInPlace) -> dict[str, Any]:
    return {
        "platform": place.platform,
        "server": place.server,
        "channel": place.channel,
        "name": place.name,
        "entity_id": place.entity_id,
    }


def _fault(on: str, what: str, fields: Mapping[str, Any]) -> Fault:
    return Fault(
        platform=on,
        what=what,
        times=_count(fields),
        seconds=float(fields.get("seconds") or 1.0),
        channel=str(fields.get("channel") or ""),
    )


def _count(fields: Mapping[str, Any]) -> int:
    times = fields.get("times") or 1
    if not isinstance(times, int) or not 1 <= times <= 1_000:
        raise _Unusable("times is a number from 1 to 1000.")
    return times


def _number(request: AsgiRequest, name: str) -> float:
    try:
        return max(0.0, float(request.ask(name, "0") or 0))
    except ValueError as error:
        raise _Unusable(f"{name} must be a number.") from error


def _wanted(request: AsgiRequest) -> Wanted:
    return wanted_items(
        platform=request.ask("platform") or request.ask("on"),
        channel=request.ask("channel"),
        entity=request.ask("entity"),
    )


def _replies_only(wanted: Wanted) -> Wanted:
    def both(item: Item) -> bool:
        return is_reply(item) and wanted(item)

    return both
