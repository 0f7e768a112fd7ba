"""The whole house while a server changes sides, and within seconds of its return.

Nobody lends a hand: what is told waits or is told again, what is asked is answered.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.failover.conftest import Own
from tests.failover.places import WITHIN_SECONDS, Place, is_well, says_ill
from tests.failover.sides import (
    Change,
    client_of,
    cut_off,
    database_crowded,
    database_read_only,
    disk_broken,
    full,
    read_only,
    replica_less,
)
from tests.helpers.homes import a_home
from tests.helpers.house import House, running
from tests.helpers.patience import eventually

pytestmark = pytest.mark.xdist_group("servers of their own")


@pytest.fixture(scope="module")
def house(own: Own) -> Iterator[House]:
    with a_home() as home, running(home, **own.urls) as (house, _):
        place = Place.new(house)
        place.says("hello")
        assert place.answers("!quote")  # everything has run once
        yield house


def test_the_writer_becomes_read_only_and_takes_writes_again(house: House, own: Own) -> None:
    place = Place.new(house)
    place.says("hello")
    assert place.shows("!help")
    with database_read_only(own.pid("postgres"), own.urls["DATABASE_URL"]):
        assert says_ill(house, "writer")
        place.says("!quote")
        asked = " ".join(place.asks("!quote"))
        assert "does not answer" in asked or "takes no writes" in asked
        place.says("!help quote")
        assert place.shows("Show a quote")
        heard = place.shown()

    assert is_well(house)
    assert place.shows("No quotes yet")
    assert len(place.shown()) == len(heard) + 1
    assert eventually(lambda: waiting_rows(own) == 0, within=WITHIN_SECONDS * 4)


def waiting_rows(own: Own) -> Any:
    with client_of(own.urls["VALKEY_STREAMS_URL"]) as client:
        return client.xlen("waddlebot:stream:records")


def test_the_writer_has_no_connection_left_for_a_while(house: House, own: Own) -> None:
    place = Place.new(house)
    assert place.answers("!quote")
    with database_crowded(own.urls["DATABASE_URL"]):
        assert says_ill(house, "writer")
        assert place.answers("!help quote")

    assert is_well(house)
    assert place.answers("!help labels")


@pytest.mark.parametrize("change", [read_only, replica_less, full, disk_broken, cut_off])
def test_the_streams_server_changes_sides(house: House, own: Own, change: Change) -> None:
    place = Place.new(house)
    assert place.answers("!help")
    with change(own.urls["VALKEY_STREAMS_URL"]):
        assert says_ill(house, "streams")
        told = place.line("!help quote")
        assert told.send(house)[0] == 503
        assert "Show a quote" in " ".join(place.asks("!help quote"))

    assert is_well(house)
    assert eventually(lambda: told.send(house)[0] == 204, within=WITHIN_SECONDS)
    assert place.shows("Show a quote")


@pytest.mark.parametrize("name", ["cache", "limits"])
@pytest.mark.parametrize("change", [read_only, replica_less, cut_off, full])
def test_the_cache_and_the_limits_server_change_sides(
    house: House, own: Own, change: Change, name: str
) -> None:
    place = Place.new(house)
    assert place.answers("!help")
    with change(own.urls[f"VALKEY_{name.upper()}_URL"]):
        assert says_ill(house, name)
        assert place.answers("!help quote")
        assert "Show a quote" in " ".join(place.asks("!help quote"))

    assert is_well(house)
    assert place.answers("!help labels")


def test_the_replica_is_gone_and_comes_back(house: House, own: Own) -> None:
    place = Place.new(house)
    assert place.answers("!quote")
    own.plane.stop_one("replica")
    assert says_ill(house, "replica")
    assert place.answers("!reputation")
    assert Place.new(house).answers("!help quote")

    own.plane.start_one("replica")
    assert is_well(house)
    assert place.answers("!reputation")
