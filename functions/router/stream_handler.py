"""The door for our own callers: the reader's batches, and ingress with one event at a time."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from typing import Any

import msgspec

from functions.router.directory import Unopened
from functions.router.metrics import write_metrics
from functions.router.resources import (
    Invocation,
    KeptResources,
    SlowDoor,
    build_kept,
    calls_end,
    router_for,
)
from functions.router.route import route
from functions.router.router import Router
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import Event
from waddlebot.domain.matches import Standing
from waddlebot.domain.outcomes import Outcome
from waddlebot.domain.private_talk import is_nowhere
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.logs import get_logger
from waddlebot.runtime.resources import Resources
from waddlebot.runtime.standard_logging import write_json_lines

SERVICE = "router"

log = logging.getLogger(__name__)


def handler(payload: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """`{"v": 1, "events": [Event…], "owner": "…"}` gives `{"results": [Result…]}`.

    `owner` is the caller's name for this one call: with it he can end its leases, should he learn
    that it died. Result n is event n's: `{"standing", "passed_on", "replies", "prefix"}`, replies
    for asked events alone; all others leave by stream. `prefix` is what commands begin with in its
    community, empty in none.

    Raises:
        Unavailable: a server is away; try all of them again later, what was settled stays so.
    """
    log = get_logger(SERVICE).bind(request_id=context.aws_request_id)
    write_json_lines(log)
    events = msgspec.convert(payload["events"], list[Event])
    remaining = context.get_remaining_time_in_millis() / 1000
    invocation = Invocation(
        owner=payload["owner"],
        remaining_seconds=remaining,
        calls_end=calls_end(remaining),
    )
    slow_door = SlowDoor(owner=invocation.owner, resources=kept().resources)
    try:
        router = router_for(invocation, kept(), pass_on=slow_door.pass_on)
        outcomes = route_what_opens(events, router)
        slow_door.open()
        results = results_of(outcomes, router)
    except Unavailable as error:
        # By this name the reader knows that nobody is to blame but a server.
        log.warning("batch was not routed", events=len(events), error=str(error))
        raise Unavailable(error.what, error.how) from error
    routed = [outcome for outcome in outcomes if outcome]
    write_metrics(SERVICE, routed)
    log.info("batch routed", events=len(events), replies=sum(len(o.replies) for o in routed))
    return {"results": results}


def route_what_opens(events: Sequence[Event], router: Router) -> list[Outcome | None]:
    """None where a place cannot be opened while the database is away: it holds up no other.

    Raises:
        Unavailable: as `route`; and where none can be opened.
    """
    try:
        return list(route(events, router))
    except Unopened as error:
        found: dict[int, Outcome] = {}
        for numbers in _by_place(events):
            if len(numbers) < len(events):
                with suppress(Unopened):
                    outcomes = route([events[number] for number in numbers], router)
                    found |= zip(numbers, outcomes, strict=True)
        if not found:
            raise
        log.warning("places were not opened", extra={"why": str(error)})
        return [found.get(number) for number in range(len(events))]


def _by_place(events: Sequence[Event]) -> Iterable[list[int]]:
    """The numbers of each place's events."""
    places: dict[str, list[int]] = defaultdict(list)
    for number, event in enumerate(events):
        places[event.entity].append(number)
    return places.values()


def results_of(outcomes: Sequence[Outcome | None], router: Router) -> list[dict[str, Any]]:
    """As `{"standing", "passed_on", "replies", "prefix"}`; result n is outcome n's."""
    return [_result_of(outcome, router) for outcome in outcomes]


def _result_of(outcome: Outcome | None, router: Router) -> dict[str, Any]:
    if outcome is None:
        return {"standing": Standing.BUSY.value, "passed_on": False, "replies": [], "prefix": ""}
    return {
        "standing": outcome.standing.value,
        "passed_on": outcome.passed_on,
        "replies": _replies_of(outcome, router),
        "prefix": "" if is_nowhere(outcome.session) else outcome.session.community.words.prefix,
    }


def _replies_of(outcome: Outcome, router: Router) -> list[Any]:
    event = outcome.session.event
    if not event.is_asked:
        return []
    if outcome.standing is Standing.DONE:
        return [msgspec.to_builtins(reply) for reply in router.receipts.earlier(event.id)]
    return [msgspec.to_builtins(reply) for reply in outcome.replies]


@cache
def kept() -> KeptResources:
    return build_kept(Resources(Environment.of_process()))
