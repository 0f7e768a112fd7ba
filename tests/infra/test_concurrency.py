"""Whatever an account grants at once, functions never take all connections of their database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from functions.catalogue import all_functions
from infra.concurrency import TooFewConnections, budget_of, connections_of, reservations
from infra.profiles import LARGE, PROFILES, SMALL, STANDARD, Profile
from waddlebot.runtime.needs import Need

ROWS = all_functions()
WITH_DATABASE = {row.name for row in ROWS if row.needs & {Need.WRITER, Need.REPLICA}}


def connected(profile: Profile, granted: int) -> int:
    """With the writer, when everything runs that may."""
    reserved = reservations(replace(profile, concurrency=granted), ROWS)
    counted = {row.name: connections_of(row, profile) for row in ROWS}
    gateways = 2 * profile.gateways.most
    if not reserved:
        return gateways + granted * max(counted.values())
    return gateways + sum(reserved[name] * counted[name] for name in reserved)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda one: one.name)
@pytest.mark.parametrize("granted", [10, 1_000, 10_000])
def test_all_together_take_four_fifths_of_the_connections_at_most(
    profile: Profile, granted: int
) -> None:
    assert 0 < connected(profile, granted) <= profile.database.max_connections * 0.8
    assert budget_of(profile) > 0


def test_a_new_account_reserves_nothing_and_a_usual_one_exactly_for_who_needs_the_database() -> (
    None
):
    assert reservations(SMALL, ROWS) == {}
    usual = reservations(replace(SMALL, concurrency=1_000), ROWS)
    assert usual.keys() == WITH_DATABASE
    assert all(1 <= share <= 10 for share in usual.values())


def test_declared_is_what_is_reserved_where_there_is_room_and_a_large_house_has_more() -> None:
    declared = {row.name: row.concurrency for row in ROWS if row.name in WITH_DATABASE}
    assert reservations(STANDARD, ROWS) == declared
    large = reservations(LARGE, ROWS)
    assert all(large[name] > declared[name] for name in declared)


def test_an_account_that_can_reserve_none_and_may_take_too_much_is_told_what_to_do() -> None:
    with pytest.raises(TooFewConnections, match="ask AWS for 1000, or deploy with -c concurrency"):
        reservations(replace(SMALL, concurrency=100), ROWS)
