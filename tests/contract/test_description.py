"""The one description of the API tells of every address under /api, and of no other."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import jsonschema_rs

from functions.catalogue import all_functions
from functions.communities.handler import AT, OF_PEOPLE, bare_app
from functions.declaration import HttpRoute
from local.api_description import PAGE, written

DESCRIBED = json.loads(PAGE.read_text())
HEALTH = "GET /health"


def declared() -> Iterator[str]:
    """What the catalogue opens to programs; of a room with many routes each of them."""
    doors = [one for row in all_functions() for one in row.doors if isinstance(one, HttpRoute)]
    for door in doors:
        if door.path in {f"{AT}/{{path+}}", f"{OF_PEOPLE}/{{path+}}"}:
            yield from of_communities()
        elif door.path.startswith("/api/") or f"{door.method} {door.path}" == HEALTH:
            yield f"{door.method} {door.path}"


def of_communities() -> Iterator[str]:
    for path, methods in bare_app().openapi()["paths"].items():
        yield from (f"{method.upper()} {path}" for method in methods if path != AT)


def test_every_address_of_the_api_is_described_and_no_other() -> None:
    told = {
        f"{method.upper()} {path}"
        for path, methods in DESCRIBED["paths"].items()
        for method in methods
    }
    assert told == set(declared())


def test_the_description_is_what_the_routes_declare() -> None:
    assert PAGE.read_text() == written(), "make description writes it anew"


def test_names_of_operations_are_unique_and_each_says_what_it_needs() -> None:
    operations = [one for path in DESCRIBED["paths"].values() for one in path.values()]
    names = [one["operationId"] for one in operations]
    assert len(names) == len(set(names))
    for one in operations:
        is_open = one.get("security") == []
        assert ("401" in one["responses"]) != is_open, one["operationId"]
        assert ("413" in one["responses"]) == ("requestBody" in one), one["operationId"]


def test_it_speaks_of_http_and_each_example_is_a_body_that_fits() -> None:
    assert not re.search(r"\bRaises\b|\bNone\b", PAGE.read_text())
    bodies = [
        body["content"]["application/json"]
        for path in DESCRIBED["paths"].values()
        for one in path.values()
        if (body := one.get("requestBody"))
    ]
    assert bodies
    for body in bodies:
        if "example" in body:
            schema = {**body["schema"], "components": DESCRIBED["components"]}
            jsonschema_rs.validate(schema, body["example"])
