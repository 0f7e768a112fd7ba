"""What is asked of an address by another method than its routes name.

A gateway has `ANY path` for each address: HEAD is asked as GET is, and what may not be asked there
is told what may.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from waddlebot.domain.errors import Rejected, WrongMethod

ANY = "ANY"
"""The method of a route that takes all of them."""


def as_asked(aws_event: Mapping[str, Any]) -> Mapping[str, Any]:
    """The request (payload format 2.0) with the key of the route that it is meant for.

    Of HEAD that is the one of GET: who speaks HTTP, as gateways do, leaves the body of the answer
    away. What came by its own route stays as it is.
    """
    method, _, path = str(aws_event.get("routeKey", "")).partition(" ")
    if method != ANY:
        return aws_event
    context = aws_event["requestContext"]
    asked = "GET" if context["http"]["method"] == "HEAD" else context["http"]["method"]
    context = {**context, "http": {**context["http"], "method": asked}}
    return {**aws_event, "routeKey": f"{asked} {path}", "requestContext": context}


def nothing_at(key: str, routes: Iterable[str]) -> Rejected:
    """Why there is nothing at `GET /path` where these are the routes: 405 or 404."""
    _, _, path = key.partition(" ")
    asked_by = [method for method, _, at in (one.partition(" ") for one in routes) if at == path]
    if asked_by:
        return WrongMethod(asked_by)
    return Rejected(404, "NOT_FOUND", f"There is nothing at {key[:80]}.")


def headers_of(rejected: Rejected) -> dict[str, str]:
    """What a refusal says beside its words: when to come again, what may be asked."""
    headers = {"allow": rejected.allowed} if isinstance(rejected, WrongMethod) else {}
    if rejected.retry_after_seconds is not None:
        headers["retry-after"] = str(rejected.retry_after_seconds)
    return headers
