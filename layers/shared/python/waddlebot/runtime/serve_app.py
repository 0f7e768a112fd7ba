"""The door of rooms with many routes: the caller is known and charged before FastAPI sees it.

FastAPI and Mangum are the rooms' alone (docs/decisions/0012): import this file nowhere else.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from functools import cache
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from mangum import Mangum
from starlette.exceptions import HTTPException
from starlette.routing import Match

from waddlebot.domain.errors import Refusal, Rejected, Unavailable, WrongMethod
from waddlebot.runtime.callers import Callers
from waddlebot.runtime.logs import Logger
from waddlebot.runtime.methods import as_asked
from waddlebot.runtime.serve_http import check_address, check_depth, failed, read_bytes
from waddlebot.runtime.strangers import source_of
from waddlebot.stores.api_keys import ApiKey

MOST_BYTES = 512 * 1024
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
CALLER = "waddlebot.caller"
"""Where the event holds whose key it is; API Gateway writes no such field."""

Wire = dict[str, Any]


def serve_app(
    aws_event: Mapping[str, Any], context: Any, *, app: FastAPI, callers: Callers, log: Logger
) -> Wire:
    """One request (payload format 2.0) of somebody with a key.

    Errors are worded as in `serve_http`.
    """
    began = time.perf_counter()
    http = aws_event["requestContext"]["http"]
    answer = _answer(aws_event, context, app, callers, log)
    log.info(
        "request answered",
        action=f"{http['method']} {aws_event.get('routeKey')}",
        result=answer["statusCode"],
        execution_time=round(time.perf_counter() - began, 4),
    )
    return answer


def _answer(
    aws_event: Mapping[str, Any], context: Any, app: FastAPI, callers: Callers, log: Logger
) -> Wire:
    headers = {"cache-control": "no-store"}
    try:
        event = dict(as_asked(aws_event))
        caller = callers.identify(aws_event.get("headers") or {}, source_of(aws_event))
        headers |= callers.charge(caller)
        event[CALLER] = caller
        check_address(aws_event)
        check_depth(read_bytes(aws_event, most_bytes=MOST_BYTES))
        asyncio.set_event_loop(_loop())
        answer: Wire = Mangum(app, lifespan="off")(event, context)
    except Exception as error:  # noqa: BLE001 - every failure has its sentence
        status, body, more = failed(error, str(context.aws_request_id), log)
        said = {"content-type": "application/json", **headers, **more}
        return {"statusCode": status, "headers": said, "body": json.dumps(body)}
    answer["headers"] = {**answer["headers"], **headers}
    return answer


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """One for the life of the process: Mangum runs each request in it, one at a time."""
    return asyncio.new_event_loop()


def caller_of(request: Request) -> ApiKey:
    """Whose key this request came with."""
    caller: ApiKey = request.scope["aws.event"][CALLER]
    return caller


def word_errors(app: FastAPI, log: Logger) -> None:
    """Every failure inside `app` is answered in our envelope."""

    def answered(request: Request, error: Exception) -> JSONResponse:
        request_id = str(request.scope["aws.context"].aws_request_id)
        status, body, headers = failed(error, request_id, log)
        return JSONResponse(body, status, headers)

    def invalid(request: Request, error: Exception) -> JSONResponse:
        return answered(request, _invalid(error))

    def unknown(request: Request, error: Exception) -> JSONResponse:
        return answered(request, _unknown(error, request))

    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, unknown)
    for family in (Refusal, Rejected, Unavailable, Exception):
        app.add_exception_handler(family, answered)


def _invalid(error: Exception) -> Rejected:
    """The first thing that is wrong, with the field's name."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it
    first = error.errors()[0]
    place = [str(part) for part in first["loc"] if part not in ("body", "query", "path")]
    field = ".".join(place) or "body"
    return Rejected(400, "INVALID_FIELD", f"'{field}': {first['msg']}.", details={"field": field})


def _unknown(error: Exception, request: Request) -> Rejected:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
    where = f"{request.method} {request.url.path}"[:120]
    if error.status_code == 405:
        return WrongMethod(_methods_at(request))
    if error.status_code == 404:
        return Rejected(404, "NOT_FOUND", f"There is nothing at {where}.")
    return Rejected(error.status_code, f"ERROR_{error.status_code}", f"{where}: {error.detail}.")


def _methods_at(request: Request) -> set[str]:
    """Of all routes there: Starlette's own answer knows those of the first one alone."""
    return {
        method
        for method in METHODS
        for route in request.app.routes
        if route.matches({**request.scope, "method": method})[0] is Match.FULL
    }
