"""Stand-ins of services that modules ask: they start where nothing real is given."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

import httpx2
import pytest

from local.stand_ins.faults import Fault
from local.stand_ins.services import OpenServices, open_services
from tests.helpers.songs import joined
from waddlebot.outside.connecting import Transport
from waddlebot.outside.named_answerers import read_stand_ins
from waddlebot.runtime.needs import STAND_INS
from waddlebot_sdk.module import Module

HOST, TOKEN = "songs.example", "SONGS_TOKEN"


@pytest.fixture
def songs() -> Iterator[Module[Any]]:
    with joined() as module:
        yield module


def opened(songs: Module[Any], given: Mapping[str, str]) -> OpenServices:
    async def look() -> OpenServices:
        async with open_services((songs,), given) as services:
            return services

    return asyncio.run(look())


def test_nothing_given_its_hosts_and_secrets_are_the_stand_ins(songs: Module[Any]) -> None:
    services = opened(songs, {})

    assert list(read_stand_ins(services.variables[STAND_INS])) == [HOST]
    assert services.variables[TOKEN] == "stand-in"
    assert services.words == "songs.example (songs)"


def test_where_a_real_secret_is_given_the_service_is_real_and_gets_it(songs: Module[Any]) -> None:
    services = opened(songs, {TOKEN: "real"})

    assert services.variables == {TOKEN: "real"}
    assert (services.words, "songs" in services.faults.known) == ("", False)


def test_where_somebody_named_who_answers_for_its_host_that_one_does(songs: Module[Any]) -> None:
    named = f"{HOST}=http://127.0.0.1:9"

    services = opened(songs, {STAND_INS: named})

    assert (services.variables, services.words) == ({STAND_INS: named}, "")


def test_of_two_hosts_the_one_that_nobody_named_is_stood_in_for(songs: Module[Any]) -> None:
    services = opened(songs, {STAND_INS: "hooks.example=http://127.0.0.1:9"})

    assert set(read_stand_ins(services.variables[STAND_INS])) == {HOST, "hooks.example"}


@pytest.mark.parametrize(
    ("fault", "status", "told"),
    [
        (None, 200, b'{"title": "Yesterday"}'),
        ("renamed", 200, b'{"name": "Yesterday"}'),
        ("429", 429, b"{}"),
        ("5xx", 503, b"{}"),
    ],
)
def test_it_answers_as_the_service_does_and_is_wrong_once_as_it_was_told(
    songs: Module[Any], fault: str | None, status: int, told: bytes
) -> None:
    first, second = asked_twice(songs, fault)

    assert (first.status_code, first.content) == (status, told)
    assert first.headers.get("retry-after") == ("7" if fault == "429" else None)
    assert second.content == b'{"title": "Yesterday"}'


def test_a_page_of_a_browser_which_knows_its_port_alone_is_not_answered(
    songs: Module[Any],
) -> None:
    async def ask() -> httpx2.Response:
        async with open_services((songs,), {}) as services:
            origin = read_stand_ins(services.variables[STAND_INS])[HOST]
            return await asyncio.to_thread(httpx2.get, f"{origin}/order")

    assert asyncio.run(ask()).status_code == 421


def asked_twice(songs: Module[Any], fault: str | None) -> list[httpx2.Response]:
    async def ask() -> list[httpx2.Response]:
        async with open_services((songs,), {}) as services:
            if fault:
                services.faults.plan(Fault(platform="songs", what=fault, seconds=7))
            return await asyncio.to_thread(order_twice, services.variables[STAND_INS])

    return asyncio.run(ask())


def order_twice(named: str) -> list[httpx2.Response]:
    transport = Transport(stand_ins=read_stand_ins(named))
    with httpx2.Client(transport=transport) as client:
        return [
            client.post(
                f"https://{HOST}/order",
                json={"song": "yesterday"},
                headers={"authorization": "Bearer stand-in"},
            )
            for _ in range(2)
        ]
