"""What the description of the API says of operators' routes is what is asked of whoever comes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from functions.description import handler as description
from tests.helpers.operations_api import ask
from tests.helpers.servers import Urls
from waddlebot.stores.api_keys import ADMIN, COLLECTOR

TOLD: dict[str, Any] = json.loads(description.handler({}, None)["body"])
SCOPES = {
    f"{method.upper()} {path}": one.get("x-scope", "")
    for path, methods in TOLD["paths"].items()
    for method, one in methods.items()
    if path.startswith("/api/operations/")
}


def test_the_description_is_told_to_everybody_as_json() -> None:
    answer = description.handler({}, None)

    assert answer["statusCode"] == 200
    assert answer["headers"]["content-type"] == "application/json"
    assert TOLD["openapi"] == "3.1.0"


@pytest.mark.parametrize("route", SCOPES)
def test_a_route_needs_the_scope_that_is_described(environment: Urls, route: str) -> None:
    assert environment
    status, body = ask(route, {}, key="key-nothing", event_id="1", id="1")

    assert (status, body["error"]["details"]) == (403, {"scope": SCOPES[route]})
    assert SCOPES[route] in {ADMIN, COLLECTOR}
