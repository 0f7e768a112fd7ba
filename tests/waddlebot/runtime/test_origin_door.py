"""Where a house has an edge: who comes past it is shown the door, and all others come through."""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from typing import Any

import pytest

from waddlebot.runtime import origin_door
from waddlebot.runtime.origin_door import BEHIND, HANDLER, HEADER, ORIGIN_KEYS, OriginDoor

SHOWN, BEFORE = "a" * 43, "b" * 43
CLOUDFRONT, VIEWER = "130.176.1.1", "203.0.113.9"
VARIABLES = {
    BEHIND: "functions.description.handler.handler",
    **dict(zip(ORIGIN_KEYS, (SHOWN, BEFORE), strict=True)),
}


def door(**more: str) -> OriginDoor:
    return OriginDoor.of({**VARIABLES, **more})


def echo() -> OriginDoor:
    """What the function behind it gets."""
    return OriginDoor(lambda event, _: event, (SHOWN.encode(), BEFORE.encode()))


def asked(headers: Mapping[str, str], *, source_ip: str = CLOUDFRONT) -> dict[str, Any]:
    return {
        "version": "2.0",
        "routeKey": "GET /api/openapi.json",
        "headers": dict(headers),
        "requestContext": {"http": {"method": "GET", "sourceIp": source_ip}},
    }


def opened(headers: Mapping[str, str]) -> dict[str, Any]:
    context = {
        "eventType": "CONNECT",
        "routeKey": "$connect",
        "identity": {"sourceIp": CLOUDFRONT},
    }
    lists = {name: [value] for name, value in headers.items()}
    return {"headers": dict(headers), "multiValueHeaders": lists, "requestContext": context}


@pytest.mark.parametrize("key", [SHOWN, BEFORE])
def test_both_keys_open_while_one_is_changed(key: str) -> None:
    answer = door()(asked({HEADER: key}), None)

    assert answer["statusCode"] == 200
    assert json.loads(answer["body"])["openapi"]


@pytest.mark.parametrize("headers", [{}, {HEADER: ""}, {HEADER: "c" * 43}, {HEADER: "ä"}])
def test_who_comes_past_the_edge_is_told_where_to_come(headers: Mapping[str, str]) -> None:
    for event in (asked(headers), opened(headers)):
        answer = door()(event, None)
        assert answer["statusCode"] == 403
        assert "come by its own name" in answer["body"]


def test_a_key_that_is_not_set_opens_nothing() -> None:
    empty = door(**dict.fromkeys(ORIGIN_KEYS, "not-set"))
    none = door(**dict.fromkeys(ORIGIN_KEYS, ""))
    for value in ("not-set", "", SHOWN):
        assert empty(asked({HEADER: value}), None)["statusCode"] == 403
        assert none(asked({HEADER: value}), None)["statusCode"] == 403


def test_calls_that_came_by_no_gateway_pass() -> None:
    """Of the clock and of functions; and what comes by a socket that is open."""
    for event in (
        {},
        {"gone": ["a"]},
        {"requestContext": {"eventType": "MESSAGE"}, "body": "ping"},
    ):
        assert echo()(event, None) is event


def test_behind_it_nobody_sees_the_key() -> None:
    for event in (asked({"X-Waddlebot-Origin": SHOWN, "Accept": "*/*"}), opened({HEADER: SHOWN})):
        assert SHOWN not in json.dumps(echo()(event, None))


@pytest.mark.parametrize(
    ("forwarded", "came"),
    [
        (f"{VIEWER}, {CLOUDFRONT}", VIEWER),
        (VIEWER, VIEWER),  # where a gateway adds nobody
        (f"10.0.0.1, 127.0.0.1, {VIEWER}, {CLOUDFRONT}", VIEWER),  # the first two by the viewer
        (f"2001:db8::7, {CLOUDFRONT}", "2001:db8::7"),
        (f"<script>, {CLOUDFRONT}", CLOUDFRONT),
        (CLOUDFRONT, CLOUDFRONT),
        ("", CLOUDFRONT),
    ],
)
def test_limits_count_whom_cloudfront_had_it_from(forwarded: str, came: str) -> None:
    headers = {HEADER: SHOWN, "X-Forwarded-For": forwarded}
    assert echo()(asked(headers), None)["requestContext"]["http"]["sourceIp"] == came
    assert echo()(opened(headers), None)["requestContext"]["identity"]["sourceIp"] == came


def test_lambda_finds_it_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """As its client for Python does: a module, then what is in it, once at the start."""
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    module, _, name = HANDLER.rpartition(".")
    found = getattr(importlib.import_module(module), name)
    assert found(asked({HEADER: SHOWN}), None)["statusCode"] == 200
    with pytest.raises(AttributeError):
        origin_door.nothing  # noqa: B018
