"""The door for calls that take longer than a batch waits: one asynchronous invocation an event."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from functions.router.expand import expand
from functions.router.match import find_matches
from functions.router.metrics import write_metrics
from functions.router.private_talk import settle
from functions.router.resources import (
    ASKING_FUNCTION,
    LEASE_MARGIN_SECONDS,
    SLOW_FUNCTION,
    Invocation,
    KeptResources,
    build_kept,
    calls_end,
    receipts_of,
    router_for,
)
from functions.router.route import finish
from waddlebot.domain.executions import execution_id
from waddlebot.domain.matches import Match
from waddlebot.domain.routing import decode_slow_calls
from waddlebot.domain.verdicts import Reason, Verdict
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.resources import Resources
from waddlebot.runtime.room_logs import RoomMetrics, room_log


def handler(payload: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """SlowCalls (domain/routing.py) give `{"ran": how many}`, which nobody reads.

    Does nothing where the event is no longer the owner's: somebody else is at it, or it is done.
    The calls were allowed and charged before they were passed on.

    Raises:
        OfNewerRelease: nothing was done; when its lease is over the event is routed anew.
    """
    service = _service()
    log = room_log(service, context)
    calls = decode_slow_calls(payload)
    event = calls.event
    remaining = context.get_remaining_time_in_millis() / 1000
    own = secrets.token_hex(8)  # a call that is delivered twice has its request id twice
    lease_seconds = remaining + LEASE_MARGIN_SECONDS
    # Taken over under our own name: the same invocation, delivered twice, finds nothing to do.
    if not receipts_of(kept().resources).pass_on(event, calls.owner, own, lease_seconds):
        log.info("event is somebody else's by now", event=event.id)
        return {"ran": 0}
    invocation = Invocation(
        owner=own,
        remaining_seconds=remaining,
        calls_end=calls_end(remaining),
        in_place=True,
    )
    router = router_for(invocation, kept())
    sessions = expand(router.directory.open([event]), router.triggers.tables)
    [session], matches = settle(
        sessions, find_matches(sessions, router.triggers), router.private_talk
    )
    matches = router.offers.pick(matches, router.triggers)
    verdicts = _passed_on(matches, frozenset(calls.execution_ids))
    [wave] = router.caller.run([session], verdicts)
    outcomes = finish(replace(wave, is_late=True), router)
    write_metrics(RoomMetrics(service), outcomes)
    log.info("slow calls answered", event=event.id, calls=len(verdicts))
    return {"ran": len(verdicts)}


def _service() -> str:
    """Two functions have this door; on AWS their names begin with those of the stage."""
    name = Environment.of_process().find("AWS_LAMBDA_FUNCTION_NAME")
    return ASKING_FUNCTION if name.endswith(ASKING_FUNCTION) else SLOW_FUNCTION


def _passed_on(matches: Iterable[Match], wanted: frozenset[str]) -> list[Verdict]:
    return [
        Verdict(match=match, reason=Reason.ALLOWED)
        for match in matches
        if execution_id(match) in wanted
    ]


@cache
def kept() -> KeptResources:
    return build_kept(Resources(Environment.of_process()))
