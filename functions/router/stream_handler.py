"""The door for our own callers: the reader's batches, and ingress with one event at a time."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from typing import Any

from functions.router.completing import answer_completing
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
from waddlebot.domain.completions import is_completing
from waddlebot.domain.errors import Unavailable
from waddlebot.domain.events import Event
from waddlebot.domain.matches import Standing
from waddlebot.domain.outcomes import Outcome, Reply
from waddlebot.domain.private_talk import is_nowhere
from waddlebot.domain.routing import EventBatch, Routed, decode_batch, encode_answer
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.logs import Metrics, get_logger
from waddlebot.runtime.resources import Resources
from waddlebot.runtime.standard_logging import write_json_lines

SERVICE = "router"

log = logging.getLogger(__name__)


def handler(payload: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """An EventBatch gives `{"v", "results": [Routed…]}`, n is event n's (domain/routing.py).

    What somebody is typing gives `{"v", "choices"}` (domain/completions.py).

    Raises:
        Unavailable: a server is away, or who asks is of a newer release; try all of them again
            later, what was settled stays so.
    """
    log = get_logger(SERVICE).bind(request_id=context.aws_request_id)
    write_json_lines(log)
    if is_completing(payload):
        return answer_completing(payload, kept(), context.get_remaining_time_in_millis() / 1000)
    try:
        batch = decode_batch(payload)
        outcomes, results = route_batch(batch, context.get_remaining_time_in_millis() / 1000)
    except Unavailable as error:
        # By this name the reader knows that nobody is to blame but a server.
        events = len(payload.get("events", ()))
        log.warning("batch was not routed", events=events, error=str(error))
        raise Unavailable(error.what, error.how) from error
    write_metrics(Metrics(SERVICE), outcomes)
    replies = sum(len(outcome.replies) for outcome in outcomes)
    log.info("batch routed", events=len(results), replies=replies)
    return encode_answer(results, batch)


def route_batch(batch: EventBatch, seconds: float) -> tuple[list[Outcome], list[Routed]]:
    """`(outcomes, results)`: what came of those whose places opened, and what is said of all."""
    invocation = Invocation(
        owner=batch.owner,
        remaining_seconds=seconds,
        calls_end=calls_end(seconds),
    )
    slow_door = SlowDoor(owner=invocation.owner, resources=kept().resources)
    router = router_for(invocation, kept(), pass_on=slow_door.pass_on)
    outcomes = route_what_opens(batch.events, router)
    slow_door.open()
    return (
        [outcome for outcome in outcomes if outcome],
        [_routed(outcome, router) for outcome in outcomes],
    )


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


def _routed(outcome: Outcome | None, router: Router) -> Routed:
    if outcome is None:
        return Routed(standing=Standing.BUSY)
    is_in_none = is_nowhere(outcome.session)
    return Routed(
        standing=outcome.standing,
        passed_on=outcome.passed_on,
        replies=_replies_of(outcome, router),
        prefix="" if is_in_none else outcome.session.community.words.prefix,
    )


def _replies_of(outcome: Outcome, router: Router) -> tuple[Reply, ...]:
    event = outcome.session.event
    if not event.is_asked:
        return ()
    if outcome.standing is Standing.DONE:
        return tuple(router.receipts.earlier(event.id))
    return outcome.replies


@cache
def kept() -> KeptResources:
    return build_kept(Resources(Environment.of_process()))
