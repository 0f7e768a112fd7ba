"""Every address says what may be asked there, and HEAD is GET without its body."""

from __future__ import annotations

import re
from collections import defaultdict

import httpx

from functions.catalogue import all_functions
from functions.declaration import ANY, HttpRoute
from tests.helpers.house import House


def asking(house: House) -> httpx.Client:
    return httpx.Client(base_url=house.url, timeout=35)


def with_a_key(house: House) -> dict[str, str]:
    return {"authorization": f"Bearer {house.keys['WADDLEBOT_API_KEY']}"}


def test_what_may_not_be_asked_somewhere_is_told_what_may(house: House) -> None:
    """Without a key, and before a signature is looked at; but communities are told of by key."""
    declared: dict[str, set[str]] = defaultdict(set)
    for route in (door for row in all_functions() for door in row.doors):
        if isinstance(route, HttpRoute) and route.method != ANY:
            declared[route.path].add(route.method)
    assert len(declared) > 30
    [communities] = [row for row in all_functions() if row.name == "communities"]
    by_key = {door.path for door in communities.doors if isinstance(door, HttpRoute)}

    with asking(house) as client:
        for path, methods in declared.items():
            key = with_a_key(house) if path in by_key else {}
            told = client.patch(re.sub("{[^}]+}", "x", path), headers=key)
            assert told.status_code == 405, path
            assert told.headers["allow"] == ", ".join(
                sorted(methods | {"HEAD"} if "GET" in methods else methods)
            )
        assert client.patch("/api/communities").status_code == 401
        assert client.patch("/api/nothing").status_code == 404


def test_a_room_with_many_routes_names_all_methods_of_an_address(house: House) -> None:
    with asking(house) as client:
        told = client.patch("/api/communities/1/text", headers=with_a_key(house))

    assert (told.status_code, told.json()["error"]["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert told.headers["allow"] == "GET, HEAD, PUT"
    assert "GET and HEAD and PUT" in told.json()["error"]["message"]


def test_head_is_answered_as_get_without_the_body(house: House) -> None:
    key = with_a_key(house)
    with asking(house) as client:
        for path, headers in [
            ("/health", {}),
            ("/signin", {}),
            ("/me/page.css", {}),
            ("/api/operations/streams", {}),
            ("/api/operations/keys", key),
            ("/api/communities", key),
        ]:
            got, head = (client.request(one, path, headers=headers) for one in ("GET", "HEAD"))
            assert head.status_code == got.status_code, path
            assert head.content == b""
            assert head.headers["content-type"] == got.headers["content-type"]
            assert int(head.headers["content-length"]) > 0
