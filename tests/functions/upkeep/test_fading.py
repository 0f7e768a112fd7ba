"""Points fade by the week where a community wants it: once a week, whoever comes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from functions.upkeep.sweep_handler import sweep
from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.settings import CommunitySettings
from waddlebot.stores.versions import Versions, editing

WEEK = timedelta(days=7)


@pytest.fixture
def monday() -> datetime:
    """Of this week, as partitions are made for the days around now."""
    now = datetime.now(UTC)
    return now - timedelta(days=now.weekday())


@pytest.fixture
def pond(database: Postgres, versions: Versions) -> CommunityId:
    with editing(database, versions) as edit:
        pond = Places(edit).join([EntityId("twitch:channel:1001")], "Penguins")
        other = Places(edit).join([EntityId("twitch:channel:1002")], "Others")
    for community in (pond, other):
        database.write(
            """
            INSERT INTO reputation (community_id, platform, user_id, name, points, events, standing)
            VALUES (%(id)s, 'twitch', 'ana', 'Ana', 1000, 1, 700000),
                (%(id)s, 'twitch', 'max', 'Max', -50, 1, 400000),
                (%(id)s, 'twitch', 'zoe', 'Zoe', 9, 1, 600000)
            """,
            {"id": community},
        )
    return pond


def fades(database: Postgres, versions: Versions, pond: CommunityId, percent: int) -> None:
    with editing(database, versions) as edit:
        CommunitySettings(edit).set_own(pond, "decay", percent)


def kept(database: Postgres, community: int) -> list[tuple[int, int]]:
    rows = database.write(
        "SELECT points, standing FROM reputation WHERE community_id = %s ORDER BY user_id",
        (community,),
    )
    return [(row["points"], row["standing"]) for row in rows]


FULL = [(1000, 700_000), (-50, 400_000), (9, 600_000)]


def test_nothing_fades_unless_a_community_wants_it(
    database: Postgres, owner: Postgres, pond: CommunityId, monday: datetime
) -> None:
    assert [sweep(owner, monday + WEEK * n)["faded"] for n in range(3)] == [0, 0, 0]
    assert kept(database, pond) == FULL


def test_points_fade_toward_nothing_once_a_week_and_of_that_community_alone(
    database: Postgres, owner: Postgres, versions: Versions, pond: CommunityId, monday: datetime
) -> None:
    fades(database, versions, pond, 10)

    assert [sweep(owner, monday + timedelta(days=n))["faded"] for n in range(7)] == [0] * 7
    assert kept(database, pond) == FULL
    assert [sweep(owner, monday + WEEK + timedelta(hours=n))["faded"] for n in (0, 1, 50)] == [
        *(3, 0, 0)
    ]
    assert kept(database, pond) == [(900, 690_000), (-45, 420_000), (9, 600_000)]
    assert sweep(owner, monday + 2 * WEEK)["faded"] == 3
    assert kept(database, pond) == [(810, 681_000), (-41, 438_000), (9, 600_000)]
    others = database.write("SELECT id FROM communities WHERE name = 'Others'")
    assert kept(database, others[0]["id"]) == FULL


def test_what_was_off_for_a_while_begins_anew(
    database: Postgres, owner: Postgres, versions: Versions, pond: CommunityId, monday: datetime
) -> None:
    fades(database, versions, pond, 10)
    sweep(owner, monday)
    fades(database, versions, pond, 0)
    assert sweep(owner, monday + WEEK)["faded"] == 0
    assert sweep(owner, monday + 2 * WEEK)["faded"] == 0
    fades(database, versions, pond, 10)
    assert sweep(owner, monday + 3 * WEEK)["faded"] == 0
    assert sweep(owner, monday + 4 * WEEK)["faded"] == 3


def test_nothing_fades_before_a_week_is_over_however_late_in_it_that_was_set(
    database: Postgres, owner: Postgres, versions: Versions, pond: CommunityId, monday: datetime
) -> None:
    fades(database, versions, pond, 10)
    sunday = monday + timedelta(days=6)

    assert [sweep(owner, sunday + timedelta(days=n))["faded"] for n in range(8)] == [0] * 8
    assert sweep(owner, monday + 2 * WEEK)["faded"] == 3
    fades(database, versions, pond, 0)
    assert sweep(owner, sunday + 2 * WEEK)["faded"] == 0
    fades(database, versions, pond, 10)
    assert [sweep(owner, sunday + n * WEEK)["faded"] for n in (2, 3, 4)] == [0, 0, 3]
