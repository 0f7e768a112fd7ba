"""Errors as every route of the API words them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.api_description.shapes import OPEN, TEXT, fields, whole

ERROR = fields(
    {
        "success": {"const": False},
        "error": fields({"code": TEXT, "message": TEXT, "details": OPEN}),
    }
)
HEADERS: Mapping[str, Any] = {
    "x-ratelimit-limit": {"description": "Requests a minute", "schema": whole(1)},
    "x-ratelimit-remaining": {"description": "Of this minute", "schema": whole(0)},
}
_WAIT = {"retry-after": {"description": "Seconds to wait", "schema": whole(1)}}
_WORDS: Mapping[int, str] = {
    400: "Something in it is wrong; `details.field` names what",
    401: "No key, or none that is known, or one that has ended",
    403: "This key may not: a scope or a role is missing",
    404: "It is not there, or not for this key",
    409: "It is so already, or is being done right now",
    413: "The body is too long",
    429: "Over the limit of the key or of the route",
    503: "A server does not answer: try again in a moment",
    504: "Not answered in time; `details` has the execution's id",
}
_WAITING = frozenset({429, 503})
_OF_BODIES = frozenset({413})


def _response(status: int) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Error"}
    return {
        "description": _WORDS[status],
        "content": {"application/json": {"schema": schema}},
        **({"headers": _WAIT} if status in _WAITING else {}),
    }


RESPONSES: Mapping[str, Any] = {f"E{status}": _response(status) for status in _WORDS}


def errors(*, has_body: bool) -> dict[str, Any]:
    """What every route with a key may answer, by status."""
    return {
        str(status): {"$ref": f"#/components/responses/E{status}"}
        for status in _WORDS
        if has_body or status not in _OF_BODIES
    }
