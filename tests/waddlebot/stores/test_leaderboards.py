"""Leaderboards: of all time and of a week, of one platform; ties, who hides and who was erased."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.domain.leaderboard import week_began
from waddlebot.stores.identities import Identities, Identity
from waddlebot.stores.leaderboards import Leaderboards, hide_from_boards, show_on_boards
from waddlebot.stores.personal_data import forget
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Versions, editing


def hours_before(hours: float) -> datetime:
    return datetime.now(UTC) - timedelta(hours=hours)


@pytest.fixture
def pond(database: Postgres, versions: Versions) -> CommunityId:
    with editing(database, versions) as edit:
        return Places(edit).join([EntityId("twitch:channel:1001")], "Penguins")


def earned(
    database: Postgres, pond: CommunityId, who: str, points: int, *, hours_ago: float = 0.0
) -> None:
    """Now, or before: the score and what it was counted for."""
    platform, _, name = who.partition(":")
    at = hours_before(hours_ago)
    database.write(
        """
        WITH counted AS (
            INSERT INTO reputation_events
            VALUES (gen_random_uuid()::text, %(day)s, %(at)s, %(pond)s, %(platform)s, %(name)s,
                'raid', %(points)s)
        )
        INSERT INTO reputation AS known (community_id, platform, user_id, name, points, events)
        VALUES (%(pond)s, %(platform)s, %(name)s, initcap(%(name)s), %(points)s, 1)
        ON CONFLICT (community_id, platform, user_id)
            DO UPDATE SET points = known.points + EXCLUDED.points
        """,
        {
            # There is room for yesterday and the days ahead.
            "day": max(at.date(), hours_before(24).date()),
            "at": at,
            "pond": pond,
            "platform": platform,
            "name": name,
            "points": points,
        },
    )


def board(database: Postgres, pond: CommunityId, **which: object) -> list[tuple[int, str, int]]:
    found = Leaderboards(database).leaders(pond, most=10, **which)  # type: ignore[arg-type]
    return [(one.place, one.name, one.points) for one in found]


def test_who_has_as_many_points_has_the_same_place(database: Postgres, pond: CommunityId) -> None:
    for who, points in {"ana": 30, "max": 50, "olga": 50, "zoe": 5, "ban": -5, "nil": 0}.items():
        earned(database, pond, f"twitch:{who}", points)

    assert board(database, pond) == [(1, "Max", 50), (1, "Olga", 50), (3, "Ana", 30), (4, "Zoe", 5)]


def test_a_week_counts_what_was_earned_since_and_takes_off_what_was_lost(
    database: Postgres, pond: CommunityId
) -> None:
    earned(database, pond, "twitch:ana", 900, hours_ago=20)
    earned(database, pond, "twitch:max", 40, hours_ago=5)
    earned(database, pond, "twitch:max", -10, hours_ago=4)
    earned(database, pond, "twitch:olga", -50, hours_ago=3)

    assert board(database, pond, since=hours_before(10)) == [(1, "Max", 30)]
    assert board(database, pond, since=hours_before(21))[0] == (1, "Ana", 900)
    assert board(database, pond) == [(1, "Ana", 900), (2, "Max", 30)]


def test_a_platform_counts_what_was_earned_there(
    database: Postgres, versions: Versions, pond: CommunityId
) -> None:
    ana, alice = (
        Identity(platform=platform, user_id=name, name=name)
        for platform, name in (("twitch", "ana"), ("discord", "alice"))
    )
    earned(database, pond, "twitch:ana", 10)
    earned(database, pond, "discord:alice", 25)
    earned(database, pond, "discord:max", 20)
    with editing(database, versions) as edit:
        Identities(edit).link(ana, alice)

    assert board(database, pond) == [(1, "Alice", 35), (2, "Max", 20)]
    assert board(database, pond, platform="twitch") == [(1, "Ana", 10)]
    assert board(database, pond, platform="slack") == []
    since = hours_before(1)
    both = [(1, "Alice", 25), (2, "Max", 20)]
    assert board(database, pond, platform="discord", since=since) == both


def test_who_hides_does_so_with_every_account_and_others_move_up(
    database: Postgres, versions: Versions, pond: CommunityId
) -> None:
    earned(database, pond, "twitch:ana", 50)
    earned(database, pond, "twitch:max", 20)
    with database.writer() as connection:
        hide_from_boards(connection, pond, Account("discord", "alice"))
        hide_from_boards(connection, pond, Account("discord", "alice"))
    assert board(database, pond)[0] == (1, "Ana", 50)
    with editing(database, versions) as edit:
        ana = Identity(platform="twitch", user_id="ana", name="Ana")
        Identities(edit).link(ana, Identity(platform="discord", user_id="alice", name="Alice"))

    assert board(database, pond) == [(1, "Max", 20)]
    assert board(database, pond, since=hours_before(1)) == [(1, "Max", 20)]
    with database.writer() as connection:
        assert show_on_boards(connection, pond, Account("twitch", "ana"))
        assert not show_on_boards(connection, pond, Account("twitch", "ana"))
    assert board(database, pond) == [(1, "Ana", 50), (2, "Max", 20)]


def test_who_hid_stays_hidden_with_each_account_when_they_are_parted(
    database: Postgres, versions: Versions, pond: CommunityId
) -> None:
    earned(database, pond, "twitch:ana", 50)
    earned(database, pond, "discord:alice", 30)
    ana = Identity(platform="twitch", user_id="ana", name="Ana")
    with editing(database, versions) as edit:
        Identities(edit).link(ana, Identity(platform="discord", user_id="alice", name="Alice"))
        hide_from_boards(edit.connection, pond, Account("twitch", "ana"))

    with editing(database, versions) as edit:
        Identities(edit).unlink(ana, "discord")

    assert board(database, pond) == []
    with database.writer() as connection:
        assert show_on_boards(connection, pond, Account("discord", "alice"))
    assert board(database, pond) == [(1, "Alice", 30)]


def test_who_links_and_parts_is_read_anew_wherever_they_have_points(
    database: Postgres, versions: Versions, pond: CommunityId
) -> None:
    """Also who has no role there: what was counted is kept with the version."""
    earned(database, pond, "discord:alice", 30)
    ana = Identity(platform="twitch", user_id="ana", name="Ana")
    seen = [_version(database, pond)]
    with editing(database, versions) as edit:
        Identities(edit).link(ana, Identity(platform="discord", user_id="alice", name="Alice"))
    seen.append(_version(database, pond))
    with editing(database, versions) as edit:
        Identities(edit).unlink(ana, "discord")
    seen.append(_version(database, pond))

    assert len(set(seen)) == 3, seen


def _version(database: Postgres, community: CommunityId) -> str:
    [row] = database.write("SELECT version FROM communities WHERE id = %s", (community,))
    return str(row["version"])


def test_who_was_erased_is_on_no_board(database: Postgres, pond: CommunityId) -> None:
    earned(database, pond, "twitch:ana", 50)
    earned(database, pond, "twitch:max", 20)

    with database.writer() as connection:
        forget(connection, Account("twitch", "ana"))

    assert board(database, pond) == [(1, "Max", 20)]
    assert board(database, pond, since=hours_before(1)) == [(1, "Max", 20)]


@pytest.mark.parametrize(
    ("now", "zone", "began"),
    [
        ("2026-11-30T00:30:00+00:00", "UTC", "2026-11-30T00:00:00+00:00"),
        ("2026-11-30T00:30:00+00:00", "America/New_York", "2026-11-23T05:00:00+00:00"),
        ("2026-11-29T23:30:00+00:00", "Europe/Berlin", "2026-11-29T23:00:00+00:00"),
        # The clocks went back on Sunday: the week is an hour longer.
        ("2026-10-25T12:00:00+00:00", "Europe/Berlin", "2026-10-18T22:00:00+00:00"),
    ],
)
def test_a_week_begins_on_monday_where_the_community_is(now: str, zone: str, began: str) -> None:
    assert week_began(datetime.fromisoformat(now), zone) == datetime.fromisoformat(began)
