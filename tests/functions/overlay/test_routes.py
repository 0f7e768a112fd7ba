"""An overlay's address begins with its token: no other address may be taken for one."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import pytest

from functions.catalogue import all_functions
from functions.declaration import gateway_routes
from local.api_gateway import GatewayRoute
from local.api_gateway.routes import RouteTable
from waddlebot.domain.overlays import OverlaySource

OVERLAPPING = {
    # No platform, service or token is called like a source: what is meant there is nobody's.
    ("/signin/{platform}", "/{token}/SOURCE"),
    ("/connect/{service}", "/{token}/SOURCE"),
    ("/forms/{token}", "/{token}/SOURCE"),
    ("/overlay/{token}/{source}", "/{token}/SOURCE/{file}"),
    ("/signin/{platform}/callback", "/{token}/SOURCE/{file}"),
    ("/connect/{service}/callback", "/{token}/SOURCE/{file}"),
    ("/connect/{service}/end", "/{token}/SOURCE/{file}"),
    ("/files/{community}/{file}", "/{token}/SOURCE/{file}"),
}
TOKEN = "tokentokentokentokentokentokentokentoken_-0"


def routes() -> list[GatewayRoute]:
    return [
        GatewayRoute(method=route.method, path=route.path, function=function.name)
        for function in all_functions()
        for route in gateway_routes(function)
    ]


def begin_with_a_token() -> list[str]:
    return [one.path for one in routes() if one.path.startswith("/{token}")]


def test_only_overlays_begin_with_something_of_theirs() -> None:
    """And they go on with a plain word, so that whatever a gateway prefers is no question."""
    found = {one.path for one in routes() if one.path.startswith("/{")}
    assert found == {
        f"/{{token}}/{source}{rest}" for source in OverlaySource for rest in ("", "/{file}")
    }


def test_what_both_could_mean_is_known_and_nobodys() -> None:
    overlapping = {
        (other.path, re.sub("|".join(OverlaySource), "SOURCE", theirs))
        for other in routes()
        for theirs in begin_with_a_token()
        if other.path != theirs and _meet(other.path, theirs)
    }
    assert overlapping <= OVERLAPPING


def test_every_other_address_of_the_house_leads_where_it_led() -> None:
    table = RouteTable(routes())
    for route in routes():
        for path in _asked(route.path):
            found = table.find("GET", path)
            assert found is not None, path
            assert found.route.function == route.function, path


@pytest.mark.parametrize("source", OverlaySource)
@pytest.mark.parametrize("rest", ["", "/state", "/page.js"])
def test_an_address_leads_to_its_overlay(source: str, rest: str) -> None:
    for at in ("", "/overlay"):
        found = RouteTable(routes()).find("GET", f"{at}/{TOKEN}/{source}{rest}")
        assert found is not None
        assert found.route.function == "overlay"
        assert found.path_parameters["token"] == TOKEN


def test_plain_words_win_over_a_token() -> None:
    """Also of a module that is called like a source."""
    table = RouteTable(
        [*routes(), GatewayRoute(method="GET", path="/modules/media/callback", function="media")]
    )
    found = table.find("GET", "/modules/media/callback")
    assert found is not None
    assert found.route.function == "media"


def _meet(one: str, other: str) -> bool:
    """Whether an address could be of both."""
    pairs = itertools.zip_longest(one.split("/"), other.split("/"))
    for mine, theirs in pairs:
        if "+}" in f"{mine}{theirs}" and mine and theirs:
            return True
        if mine is None or theirs is None:
            return False
        if not mine.startswith("{") and not theirs.startswith("{") and mine != theirs:
            return False
    return True


def _asked(path: str) -> Iterator[str]:
    yield re.sub(r"{\w+}", "something", re.sub(r"{\w+\+}", "7/labels/on", path))
