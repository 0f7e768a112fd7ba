"""The API: one event or up to a hundred, answered in place (docs/api.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from functions.router.api_answers import answer_of
from functions.router.api_batches import read_batch
from functions.router.api_events import Asked, no_place, read_event
from functions.router.api_people import as_person
from functions.router.api_sessions import ApiSessions
from functions.router.metrics import write_metrics
from functions.router.resources import (
    FINISH_SECONDS,
    Invocation,
    KeptResources,
    build_kept,
    router_for,
)
from functions.router.route import route
from functions.router.router import Router
from waddlebot.domain.errors import Rejected
from waddlebot.domain.executions import Status
from waddlebot.domain.matches import Standing
from waddlebot.domain.outcomes import Outcome
from waddlebot.runtime.callers import Callers
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.logs import Metrics, get_logger
from waddlebot.runtime.resources import Resources
from waddlebot.runtime.serve_http import Request, Route, error_of, serve_http
from waddlebot.runtime.standard_logging import write_json_lines
from waddlebot.stores.api_keys import COLLECTOR, ApiKey, ApiKeys
from waddlebot.stores.known_places import known_places
from waddlebot.stores.places import places_of

SERVICE = "router-api"
PATIENCE_SECONDS = 25.0
"""API Gateway gives up after 30 s, the function after 29."""
MOST_BATCH_BYTES = 4 * 1024 * 1024

Wire = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiRoom:
    """Kept as long as the process lives."""

    kept: KeptResources
    callers: Callers
    sessions: ApiSessions

    def process(self, request: Request) -> Wire:
        """One event. Raises Rejected: 400, 403, 409 (under way), 504 (took too long)."""
        [answer] = self._answers([request.body], request)
        if isinstance(answer, Rejected):
            raise answer
        return answer

    def batch(self, request: Request) -> Wire:
        """Entry n is event n: the object of `process`, or its error."""
        answers = self._answers(request.body, request)
        results = [error_of(one) if isinstance(one, Rejected) else one for one in answers]
        return {"success": True, "results": results}

    def _answers(self, bodies: Sequence[Any], request: Request) -> list[Wire | Rejected]:
        """A bad event gets its own error; the others run."""
        until = request.received_at + timedelta(seconds=_patience(request))
        read = [_read(body, request, until) for body in bodies]
        places = self.sessions.places(
            [one.session_id for one in read if isinstance(one, Asked) and one.session_id]
        )
        checked = self._check_tenant([_check_session(one, places) for one in read], request.caller)
        asked = [one for one in checked if isinstance(one, Asked)]
        answers = iter(self._route(asked, places, request, until) if asked else ())
        return [next(answers) if isinstance(one, Asked) else one for one in checked]

    def _check_tenant(
        self, asked: Sequence[Asked | Rejected], caller: ApiKey
    ) -> list[Asked | Rejected]:
        """A community's key speaks in its own places alone; only collectors open new ones."""
        if caller.community is None and COLLECTOR in caller.scopes:
            return list(asked)
        if caller.person is not None:
            return as_person(self.kept.resources.postgres, caller.person, asked)
        names = {one.event.entity for one in asked if isinstance(one, Asked)}
        postgres = self.kept.resources.postgres
        if caller.community is None:
            open_to_it = known_places(postgres, names)
        else:
            open_to_it = places_of(postgres, caller.community, sorted(names))
        return [
            one if isinstance(one, Rejected) or one.event.entity in open_to_it else no_place()
            for one in asked
        ]

    def _route(
        self,
        asked: Sequence[Asked],
        places: Mapping[str, str],
        request: Request,
        until: datetime,
    ) -> list[Wire | Rejected]:
        invocation = Invocation(
            owner=request.id,
            remaining_seconds=request.remaining_seconds,
            calls_end=until,
            in_place=True,
        )
        router = router_for(invocation, self.kept)
        outcomes = route([one.event for one in asked], router)
        write_metrics(Metrics(SERVICE), outcomes)
        named = [
            (one.session_id if one.session_id in places else outcome.session.id, outcome)
            for one, outcome in zip(asked, outcomes, strict=True)
        ]
        self.sessions.keep({name: outcome.session.event.entity for name, outcome in named})
        return [_answer(outcome, name, router, until) for name, outcome in named]


def handler(aws_event: Mapping[str, Any], context: Any) -> Wire:
    """API Gateway's event, payload format 2.0."""
    log = get_logger(SERVICE).bind(request_id=context.aws_request_id)
    write_json_lines(log)
    room = build_room()
    routes = (
        Route(key="POST /api/router/process", answer=room.process),
        Route(
            key="POST /api/router/batch",
            answer=room.batch,
            most_bytes=MOST_BATCH_BYTES,
            read=read_batch,
            counts=len,
        ),
    )
    return serve_http(aws_event, context, routes=routes, callers=room.callers, log=log)


@cache
def build_room() -> ApiRoom:
    resources = Resources(Environment.of_process())
    return ApiRoom(
        kept=build_kept(resources),
        callers=Callers(ApiKeys(resources.postgres, resources.cache), resources.limits),
        sessions=ApiSessions(resources.cache),
    )


def _patience(request: Request) -> float:
    return min(PATIENCE_SECONDS, request.remaining_seconds - FINISH_SECONDS)


def _read(body: Any, request: Request, until: datetime) -> Asked | Rejected:
    if isinstance(body, Rejected):
        return body
    try:
        return read_event(body, request.caller, now=request.received_at, asked_until=until)
    except Rejected as rejected:
        return rejected


def _check_session(asked: Asked | Rejected, places: Mapping[str, str]) -> Asked | Rejected:
    if isinstance(asked, Rejected):
        return asked
    if places.get(asked.session_id, asked.event.entity) != asked.event.entity:
        return Rejected(
            403,
            "FOREIGN_SESSION",
            "This session belongs to another place.",
            details={"field": "session_id"},
        )
    return asked


def _answer(outcome: Outcome, name: str, router: Router, until: datetime) -> Wire | Rejected:
    if outcome.standing is Standing.BUSY:
        return Rejected(
            409,
            "IN_PROGRESS",
            "This event is being answered. Ask again in a moment.",
            retry_after_seconds=2,
        )
    late = [one.id for one in outcome.executions if one.status is Status.FAILED]
    if late and datetime.now(UTC) >= until:
        return Rejected(
            504,
            "TOOK_TOO_LONG",
            f"There was no answer within {PATIENCE_SECONDS:.0f} s.",
            details={"execution_id": late[0], "execution_ids": late},
        )
    replies = (
        router.receipts.earlier(outcome.session.event.id)
        if outcome.standing is Standing.DONE
        else outcome.replies
    )
    return answer_of(outcome, replies, session_id=name)
