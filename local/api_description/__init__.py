"""`make description`: the one OpenAPI document of the house, as `GET /api/openapi.json` tells it.

Rooms with many routes describe themselves (FastAPI); of the others it is written here, and a test
holds both to the catalogue.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from functions.communities.handler import bare_app
from functions.description.handler import FILE, SECONDS
from local.api_description import communities, operations, router
from local.api_description.errors import ERROR, HEADERS, RESPONSES, errors
from local.api_description.shapes import OPEN, Described, maybe
from local.settings import ROOT
from waddlebot.runtime.serve_app import MOST_BYTES

PAGE = ROOT / "functions" / "description" / FILE
AT = "/api/openapi.json"
VERSION = "1"
"""Of the API: it grows; what is taken away makes another."""
NO_KEY: tuple[Mapping[str, Any], ...] = ()
SECURITY: Sequence[Mapping[str, Any]] = ({"bearer": []}, {"header": []})

_ITSELF = Described(summary="This description", answer=OPEN, scope=None)
_ABOUT = """\
Keys are sent as `Authorization: Bearer KEY` or `X-API-Key: KEY`. Each has a limit a minute; \
`x-ratelimit-remaining` says what is left, and 429 with `retry-after` how long to wait. Every \
error is `{"success": false, "error": {"code", "message", "details"}}`, its message a sentence \
for people. `x-needs` is the role that a key needs in a community, `x-scope` the scope of a key \
of the house, `x-most-bytes` how long a body may be. Fields and routes are added; a client passes \
over what it does not know."""


def main(_argv: list[str]) -> int:
    PAGE.write_text(written(), "utf-8")
    print(f"Written: {PAGE.relative_to(ROOT)}")
    return 0


def written() -> str:
    return json.dumps(description(), indent=1, ensure_ascii=False) + "\n"


def description() -> dict[str, Any]:
    rooms = bare_app().openapi()
    by_hand = {f"GET {AT}": _ITSELF, **router.ROUTES, **operations.ROUTES}
    paths: dict[str, dict[str, Any]] = {}
    for key, operation in sorted((*_written_by_hand(by_hand), *_described_by_rooms(rooms))):
        method, path = key.split()
        paths.setdefault(path, {})[method.lower()] = operation
    schemas = {
        name: {
            **one,
            **({"description": _for_callers(one["description"])} if "description" in one else {}),
        }
        for name, one in rooms["components"]["schemas"].items()
        if "Validation" not in name
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "WaddleBot", "version": VERSION, "description": _ABOUT},
        "servers": [{"url": "/"}],
        "security": list(SECURITY),
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": {"Error": ERROR, **schemas},
            "headers": HEADERS,
            "responses": RESPONSES,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
            },
        },
    }


def _for_callers(docstring: str) -> str:
    """What whoever writes Python reads of a function, for whoever calls it over HTTP: what it
    raises stands among the answers, and nothing is null there."""
    told = re.sub(r"\s*Raises [^.]*\.", "", docstring).strip()
    return re.sub(r"\bNone\b", "null", told)


def _described_by_rooms(rooms: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, operations_ in rooms["paths"].items():
        for method, operation in operations_.items():
            key = f"{method.upper()} {path}"
            ok = {"description": "Done", **_json(communities.ANSWERS[key]), "headers": _limits()}
            responses = {"200": ok, **errors(has_body="requestBody" in operation)}
            about = _for_callers(operation.pop("description", ""))
            more = {"description": about} if about else {}
            yield (
                key,
                {
                    "operationId": _name(key),
                    "tags": [path.split("/")[2]],
                    "summary": operation["summary"],
                    **more,
                    **{
                        name: value
                        for name, value in operation.items()
                        if name in {"parameters", "requestBody"} or name.startswith("x-")
                    },
                    **({"x-most-bytes": MOST_BYTES} if "requestBody" in operation else {}),
                    "responses": responses,
                },
            )


def _written_by_hand(
    routes: Mapping[str, Described],
) -> Iterator[tuple[str, dict[str, Any]]]:
    for key, one in routes.items():
        has_key = one.scope is not None
        ok = {"description": "Done", **_json(one.answer), **_headers(one)}
        answers = {"200": ok}
        if has_key:
            answers |= errors(has_body=one.body is not None)
        for status, schema in one.more:
            answers[status] = {"description": "Not well", **_json(schema)}
        yield (
            key,
            {
                "operationId": _name(key),
                "tags": [key.split("/")[2] if key.count("/") > 2 else "house"],
                "summary": one.summary,
                **({"x-scope": one.scope} if one.scope else {}),
                **({} if has_key else {"security": list(NO_KEY)}),
                **_parameters(one),
                **_body(one),
                "responses": answers,
            },
        )


def _headers(one: Described) -> dict[str, Any]:
    if one.scope is not None:
        return {"headers": _limits()}
    return {"description": f"Kept for {SECONDS} s"} if one is _ITSELF else {}


def _limits() -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in HEADERS}


def _parameters(one: Described) -> dict[str, Any]:
    told = [
        {"name": name, "in": where, "required": where == "path", "schema": schema}
        for where, those in (("path", one.path), ("query", one.query))
        for name, schema in those.items()
    ]
    return {"parameters": told} if told else {}


def _body(one: Described) -> dict[str, Any]:
    if one.body is None:
        return {}
    # Where none is needed, null is none: the door reads nothing as that.
    schema = one.body if one.needs_body else maybe(one.body)
    content = {"schema": schema, **({} if one.example is None else {"example": one.example})}
    return {
        "x-most-bytes": one.most_kib * 1024,
        "requestBody": {"required": one.needs_body, "content": {"application/json": content}},
    }


def _json(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def _name(key: str) -> str:
    """`POST /api/router/process` -> `post_api_router_process`"""
    return re.sub(r"[^a-z0-9]+", "_", key.lower()).strip("_")
