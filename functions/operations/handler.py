"""GET /health: which servers answer. GET /api/operations/events/{event_id}: what became of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from waddlebot.domain import sayings
from waddlebot.domain.errors import Rejected, Unavailable
from waddlebot.runtime.callers import Callers
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.needs import VARIABLES, Need
from waddlebot.runtime.resources import Resources
from waddlebot.runtime.serve_http import error_of
from waddlebot.stores.api_keys import COLLECTOR, ApiKeys
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.records import Records
from waddlebot.stores.valkey import answering, connect

NAME = "operations"

Response = dict[str, Any]


def handler(aws_event: Mapping[str, Any], _context: object) -> Response:
    """API Gateway's payload 2.0 in and out; errors are worded like those of all our APIs.

    `/health` needs no key and tells nothing but who answers; the rest needs the scope
    `collector`.
    """
    if str(aws_event.get("routeKey", "")).endswith("/health"):
        return health(Environment.of_process())
    try:
        _check_key(aws_event.get("headers") or {})
        return _answer(200, explain((aws_event.get("pathParameters") or {})["event_id"]))
    except Rejected as rejected:
        return _answer(rejected.status, error_of(rejected))
    except Unavailable as away:
        said = f"{away.what.capitalize()} does not answer. Try again in a moment."
        return _answer(503, error_of(Rejected(503, "UNAVAILABLE", said)))


def health(environment: Environment) -> Response:
    """200 where every server answers, else 503: `{"success", "servers": {name: words}}`."""
    servers = {need.value: _answers(need, environment) for need in Need}
    is_well = all(servers.values())
    words = {name: "answers" if well else "does not answer" for name, well in servers.items()}
    return _answer(200 if is_well else 503, {"success": is_well, "servers": words})


def explain(event_id: str) -> dict[str, Any]:
    """`{"success", "event_id", "message", "verdicts": [{…, "words"}]}`. Raises Rejected (404)."""
    found = Records(_resources().postgres).explain(event_id)
    if found is None:
        raise Rejected(404, "UNKNOWN_EVENT", "Nothing was recorded of this event.")
    verdicts = [
        {**row, "words": sayings.explain_row(row, person=row["user_name"] or "Nobody")}
        for row in found["verdicts"]
    ]
    return {
        "success": True,
        "event_id": event_id,
        "message": found["message"],
        "verdicts": verdicts,
    }


def _check_key(headers: Mapping[str, str]) -> None:
    callers = _callers()
    caller = callers.identify(headers)
    callers.charge(caller)
    if COLLECTOR not in caller.scopes:
        raise Rejected(403, "MISSING_SCOPE", f"This needs a key with the scope '{COLLECTOR}'.")


def _answers(need: Need, environment: Environment) -> bool:
    try:
        PROBES[need](environment[VARIABLES[need]])
    except Unavailable:
        return False
    return True


def _probe_postgres(url: str) -> None:
    postgres = Postgres(url, name=NAME)
    try:
        postgres.write("SELECT 1")
    finally:
        postgres.close()


def _probe_valkey(url: str) -> None:
    client = connect(url)
    try:
        with answering("the server"):  # an address holds a password
            client.ping()
    finally:
        client.close()


PROBES: dict[Need, Callable[[str], None]] = {
    Need.WRITER: _probe_postgres,
    Need.REPLICA: _probe_postgres,
    Need.CACHE: _probe_valkey,
    Need.LIMITS: _probe_valkey,
    Need.STREAMS: _probe_valkey,
}


def _answer(status: int, body: Mapping[str, Any]) -> Response:
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json", "cache-control": "no-store"},
        "body": json.dumps(body, ensure_ascii=False),
    }


@cache
def _resources() -> Resources:
    return Resources(Environment.of_process())


def forget() -> None:
    """Gives back what this process keeps between invocations."""
    if _resources.cache_info().currsize:
        _resources().close()
    _resources.cache_clear()
    _callers.cache_clear()


@cache
def _callers() -> Callers:
    resources = _resources()
    return Callers(api_keys=ApiKeys(resources.postgres), limits=resources.limits)
