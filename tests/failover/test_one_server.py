"""Small: one Valkey for cache, limits and streams, which evicts nothing.

What is kept for a while has an end, and a server that is full answers nothing wrong and nothing
twice.
"""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import redis

from tests.failover.conftest import Own
from tests.failover.sides import client_of, configured, full
from tests.failover.test_house import WITHIN_SECONDS, Place, is_well
from tests.helpers import signed
from tests.helpers.homes import a_home
from tests.helpers.house import House, running
from tests.helpers.patience import eventually
from tests.helpers.servers import Urls, with_path
from tests.helpers.signing_in import Browser, somebody
from waddlebot.stores.keys import Partition

pytestmark = pytest.mark.xdist_group("servers of their own")

DATABASES = {"VALKEY_CACHE_URL": "0", "VALKEY_LIMITS_URL": "1", "VALKEY_STREAMS_URL": "2"}
NO_END = -1
NEARLY = 0.93
"""Of its memory that is used: told events are refused, what is there goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Small:
    house: House
    urls: Urls

    @property
    def server(self) -> str:
        return self.urls["VALKEY_STREAMS_URL"]

    def without_end(self, variable: str) -> list[str]:
        with client_of(self.urls[variable]) as client:
            return sorted(key for key in client.scan_iter() if client.ttl(key) == NO_END)

    def count(self, variable: str) -> int:
        with client_of(self.urls[variable]) as client:
            return int(client.dbsize())


@pytest.fixture(scope="module")
def small(own: Own) -> Iterator[Small]:
    one = own.urls["VALKEY_STREAMS_URL"]
    with client_of(one) as client:
        client.flushall()
    urls = {**own.urls, **{name: with_path(one, number) for name, number in DATABASES.items()}}
    with a_home() as home, running(home, **urls) as (house, _):
        yield Small(house=house, urls=urls)


def test_all_that_is_kept_in_cache_and_limits_has_an_end(small: Small) -> None:
    live_a_while(small.house)
    assert small.count("VALKEY_CACHE_URL") > 5
    assert small.count("VALKEY_LIMITS_URL") > 5
    for variable in ("VALKEY_CACHE_URL", "VALKEY_LIMITS_URL"):
        # Between a key and its end there may be another command.
        assert eventually(lambda name=variable: not small.without_end(name), within=5), (
            small.without_end(variable)
        )


def live_a_while(house: House) -> None:
    """What writes there: rows that change, rights, limits, refusals, sign-ins, callers."""
    place = Place.new(house)
    place.says("hello")
    assert place.shows("!help")
    for line in ("!addquote Waddle on!", "!limits set !quote 1 60s", "!quote", "!quote", "!qoute"):
        send(house, place, line)
    assert eventually(lambda: len(place.shown()) >= 4, within=WITHIN_SECONDS)
    place.asks("!help quote")
    house.api({"message_type": "chatMessage"}, key="wb_unknown")
    browser = Browser(house)
    assert browser.signs_in("discord", somebody()).path == "/me"
    assert Browser(house).get("/signin/twitch").status == 200  # begun and left
    slack = signed.slack_slash(
        house, "quote", team=f"T{uuid.uuid4().int % 10**9}", channel="C1", user="U1"
    )
    assert slack.send(house)[0] == 200


def send(house: House, place: Place, line: str) -> None:
    delivery = signed.twitch_line(house, line, channel=place.number, badge="moderator")
    assert eventually(lambda: delivery.send(house)[0] == 204, within=WITHIN_SECONDS)


@contextlib.contextmanager
def nearly_full(url: str) -> Iterator[None]:
    with client_of(url) as client:
        used = int(client.info("memory")["used_memory"])
    with configured(url, maxmemory=str(int(used / NEARLY))):
        yield


def is_told_full(url: str) -> bool:
    with client_of(url) as client:
        return eventually(lambda: client.exists(Partition().full()), within=WITHIN_SECONDS)


def test_nearly_full_told_lines_wait_with_the_platform_and_are_answered_once(small: Small) -> None:
    place = Place.new(small.house)
    assert place.answers("!help")
    before = len(place.shown())
    with nearly_full(small.server):
        assert is_told_full(small.server)
        told = place.line("!help quote")
        assert told.send(small.house)[0] == 503
        assert "Show a quote" in " ".join(place.asks("!help quote"))

    assert is_well(small.house)
    assert eventually(lambda: told.send(small.house)[0] == 204, within=WITHIN_SECONDS)
    told.send(small.house)
    told.send(small.house)
    assert place.shows("Show a quote")
    assert is_done(small)
    assert len(place.shown()) == before + 1


def test_full_a_write_that_fails_is_a_miss_and_nothing_is_answered_twice(small: Small) -> None:
    place = Place.new(small.house)
    assert place.answers("!help")
    send(small.house, place, "!addquote Waddle on!")
    assert place.shows("Waddle on!") or place.shows("#1")
    before = len(place.shown())
    with full(small.server):
        assert says_ill_all(small.house)
        told = place.line("!quote")
        assert told.send(small.house)[0] == 503
        # Windows are open, as while their server is away; nothing new is kept in the cache.
        for _ in range(3):
            assert "Waddle on!" in " ".join(place.asks("!quote"))
        assert "Show a quote" in " ".join(place.asks("!help quote"))
        assert Browser(small.house).get("/signin/twitch").status in (200, 503)

    assert is_well(small.house)
    for _ in range(3):
        assert eventually(lambda: told.send(small.house)[0] == 204, within=WITHIN_SECONDS)
    assert eventually(lambda: len(place.shown()) > before, within=WITHIN_SECONDS)
    assert is_done(small)
    assert len(place.shown()) == before + 1
    for variable in ("VALKEY_CACHE_URL", "VALKEY_LIMITS_URL"):
        assert small.without_end(variable) == []


def says_ill_all(house: House) -> bool:
    def is_told() -> bool:
        status, told = house.ask("GET", "/health")
        ill = {name for name, says in told["servers"].items() if says != "answers"}
        return status == 503 and ill == {"cache", "limits", "streams"}

    return eventually(is_told, within=WITHIN_SECONDS)


def is_done(small: Small) -> bool:
    """Nothing is on its way."""
    at = Partition()

    def is_empty() -> bool:
        with redis.Redis.from_url(small.server, protocol=2) as client:
            return not (client.xlen(at.events_stream()) or client.xlen(at.replies_stream()))

    return eventually(is_empty, within=WITHIN_SECONDS)
