"""The door of the communities' API."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from fastapi import FastAPI

from functions.communities import (
    alert_routes,
    alias_routes,
    community_routes,
    custom_routes,
    goal_routes,
    import_routes,
    label_routes,
    media_routes,
    overlay_look_routes,
    overlay_routes,
    own_key_routes,
    people_routes,
    reputation_routes,
    router_routes,
    rule_routes,
    text_routes,
)
from functions.communities.asking import CommunitiesRoom
from waddlebot.runtime.callers import Callers
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.logs import get_logger
from waddlebot.runtime.resources import Resources
from waddlebot.runtime.room_logs import room_log
from waddlebot.runtime.serve_app import serve_app, word_errors
from waddlebot.stores.api_keys import ApiKeys

SERVICE = "communities"
AT = "/api/communities"
OF_PEOPLE = "/api/identity"
OF_ROUTER = "/api/router"
PARTS = (
    *(community_routes, people_routes, label_routes),
    *(rule_routes, alias_routes, custom_routes, reputation_routes, text_routes, import_routes),
    *(overlay_routes, overlay_look_routes, alert_routes, goal_routes, media_routes),
)


def handler(aws_event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """API Gateway's event, payload format 2.0. Answers `{"statusCode", "headers", "body"}`."""
    log = room_log(SERVICE, context)
    app = build_app()
    room: CommunitiesRoom = app.state.room
    return serve_app(aws_event, context, app=app, callers=room.callers, log=log)


@cache
def build_app() -> FastAPI:
    """Kept as long as the process lives; connects to nothing yet."""
    resources = Resources(Environment.of_process())
    app = _worded_app()
    app.state.room = CommunitiesRoom(
        resources=resources,
        callers=Callers(ApiKeys(resources.postgres, resources.cache), resources.limits),
    )
    return app


@cache
def _worded_app() -> FastAPI:
    """The routes, with words for what fails. FastAPI reads them at the first request, which takes
    longer than all that the request asks for: `forget` leaves them.
    """
    app = bare_app()
    word_errors(app, get_logger(SERVICE))
    return app


def bare_app() -> FastAPI:
    """The routes alone, with nobody behind them: what they take is described of it."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    for part in PARTS:
        app.include_router(part.routes, prefix=AT)
    app.include_router(own_key_routes.routes, prefix=OF_PEOPLE)
    app.include_router(router_routes.routes, prefix=OF_ROUTER)
    return app


def forget() -> None:
    """Gives back what this process keeps between invocations."""
    if build_app.cache_info().currsize:
        build_app().state.room.resources.close()
    build_app.cache_clear()
