"""Sockets of overlays' pages: who may open one, and who is gone. Pages read, and say nothing.

$connect     200, 404 for a token that nobody has, 429 refused too often or too many, 503
$disconnect  forgets it
$default     `ping` is answered with `pong`; whoever says anything else is shut out
{"gone": […]} of who writes to them: nobody was there
{}           each minute: those whose address was rotated are closed
"""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from typing import Any

from waddlebot.domain.errors import Rejected, Unavailable
from waddlebot.domain.overlays import OverlaySource
from waddlebot.domain.socket_pushes import encode_closing
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.resources import Resources
from waddlebot.runtime.room_logs import room_log
from waddlebot.runtime.visitors import Visitors
from waddlebot.stores.overlay_sockets import (
    MOST_OF_A_COMMUNITY,
    MOST_OF_A_SOURCE,
    OverlaySockets,
    Seat,
)
from waddlebot.stores.overlay_tokens import OverlayTokens

REFUSALS_A_MINUTE = 10
"""Of one address of the internet; who guessed so often is let in no more, whatever comes then.
Good ones count for nothing: a studio's pages, and those of a restart, come from one address."""
PLACE = "overlay-sockets"
PUSHER = "overlay-push"
SENTENCES = {
    Seat.SOURCE_FULL: f"{MOST_OF_A_SOURCE} pages look at this source already. Close some of them.",
    Seat.COMMUNITY_FULL: (
        f"{MOST_OF_A_COMMUNITY} pages look at this community's overlays already. "
        "Close some of them."
    ),
}

Answer = dict[str, Any]

log = logging.getLogger(__name__)


def handler(aws_event: Mapping[str, Any], context: object) -> Answer:
    """As above."""
    room_log("overlay-sockets", context)
    if "requestContext" in aws_event:
        return _ROUTES[aws_event["requestContext"]["routeKey"]](aws_event)
    if "gone" in aws_event:
        return _forget_gone(aws_event["gone"])
    return _close_outdated()


def _connect(aws_event: Mapping[str, Any]) -> Answer:
    try:
        return _at_the_door(aws_event)
    except Rejected as refused:
        return _answer(refused.status, refused.message)
    except Unavailable:
        return _answer(503, "Try again in a few seconds.")


def _at_the_door(aws_event: Mapping[str, Any]) -> Answer:
    """Raises Rejected and Unavailable."""
    source_ip, visitors = aws_event["requestContext"]["identity"]["sourceIp"], doors().visitors
    if _is_this_machine(source_ip):
        return _admit(aws_event)
    visitors.look(source_ip, PLACE, REFUSALS_A_MINUTE)
    answer = _admit(aws_event)
    if answer["statusCode"] != HTTPStatus.OK:
        visitors.charge(source_ip, PLACE, REFUSALS_A_MINUTE)
    return answer


def _admit(aws_event: Mapping[str, Any]) -> Answer:
    asked, now, room = aws_event["requestContext"], datetime.now(UTC), doors()
    query = aws_event.get("queryStringParameters") or {}
    token, named = query.get("token", ""), query.get("source", "")
    source = OverlaySource(named) if named in {*OverlaySource} else None
    community = room.tokens.community_of(token, source, now) if token and source else None
    if source is None or community is None:
        return _answer(404, "There is no such overlay.")
    found = room.sockets.add(asked["connectionId"], community, source, token, now)
    if found is Seat.FREE:
        return _answer(200)
    log.warning("no room for a page", extra={"community": community, "why": found.value})
    return _answer(429, SENTENCES[found])


def _disconnect(aws_event: Mapping[str, Any]) -> Answer:
    doors().sockets.forget(aws_event["requestContext"]["connectionId"])
    return _answer(200)


def _hear(aws_event: Mapping[str, Any]) -> Answer:
    if aws_event.get("body") == "ping":
        return _answer(200, "pong")
    connection = aws_event["requestContext"]["connectionId"]
    doors().sockets.forget(connection)
    _close([connection], "read-only")
    return _answer(200)


def _forget_gone(gone: Sequence[str]) -> Answer:
    doors().sockets.forget_gone(gone, datetime.now(UTC))
    return {"forgotten": len(gone)}


def _close_outdated() -> Answer:
    outdated = doors().sockets.take_outdated(datetime.now(UTC))
    if outdated:
        _close(outdated, "rotated")
    return {"closed": len(outdated)}


def _close(sockets: Sequence[str], why: str) -> None:
    """Where nobody takes that they stay open, and get nothing any more."""
    try:
        doors().resources.invoke.send(PUSHER, encode_closing(sockets, why))
    except Unavailable as error:
        log.warning("sockets were not closed", extra={"why": why, "error": str(error)})


def _is_this_machine(address: str) -> bool:
    """Whoever sits at it guesses no tokens; on AWS nobody comes from there."""
    return ipaddress.ip_address(address).is_loopback


def _answer(status: int, body: str = "") -> Answer:
    return {"statusCode": status, "body": body} if body else {"statusCode": status}


_ROUTES = {"$connect": _connect, "$disconnect": _disconnect, "$default": _hear}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Doors:
    resources: Resources
    tokens: OverlayTokens
    sockets: OverlaySockets
    visitors: Visitors


@cache
def doors() -> _Doors:
    resources = Resources(Environment.of_process())
    return _Doors(
        resources=resources,
        tokens=OverlayTokens(resources.postgres),
        sockets=OverlaySockets(resources.postgres),
        visitors=Visitors(resources.limits),
    )
