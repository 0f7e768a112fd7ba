"""Points are counted with the record: once an event, and a line of chat once a minute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.helpers.events_and_commands import a_community, a_session, a_speaker, an_event
from tests.helpers.ledgers import a_ledger
from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.domain.events import MessageType
from waddlebot.domain.outcomes import Outcome
from waddlebot.domain.reputation import points_for
from waddlebot.stores.identities import Identities, Identity
from waddlebot.stores.leaderboards import Leaderboards, Placed
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.record_rows import encode_rows, write_rows
from waddlebot.stores.reputation import Reputation
from waddlebot.stores.versions import Versions, editing

ANA = Identity(platform="twitch", user_id="id-ana", name="Ana")


@pytest.fixture
def here(database: Postgres, versions: Versions) -> CommunityId:
    with editing(database, versions) as edit:
        return Places(edit).join([an_event().entity], "Penguins")


def happened(
    community: int,
    type_: MessageType = MessageType.CHAT_MESSAGE,
    *,
    after: float = 0.0,
    now: datetime | None = None,
    own: dict[str, Any] | None = None,
    **fields: Any,
) -> Outcome:
    """So many seconds after `now`, which counts where several happen."""
    at = (now or datetime.now(UTC)) + timedelta(seconds=after)
    event = an_event(fields.pop("text", "hi"), type=type_, occurred_at=at, **fields)
    found = a_community(id=community, settings={"points": own or {}})
    return Outcome(session=a_session(event=event, community=found))


def points(database: Postgres, community: CommunityId, user: str = "id-ana") -> int:
    return Reputation(database).score(community, Account("twitch", user)).here


def test_lines_count_once_a_minute_and_events_each_time(
    database: Postgres, here: CommunityId
) -> None:
    ledger, now = a_ledger(database), datetime.now(UTC)

    ledger.record([happened(here, after=second, now=now) for second in (-100, -99, -98)])
    ledger.record([happened(here, after=-60, now=now)])
    assert points(database, here) == 5
    ledger.record([happened(here, after=-40, now=now), happened(here, MessageType.RAID)])
    assert points(database, here) == 5 + 5 + 30
    ledger.record([happened(here, MessageType.CHEER, data={"bits": 250})])
    ledger.record([happened(here, MessageType.BAN)])
    assert points(database, here) == 40 + 250 - 50


def test_an_event_that_comes_twice_counts_once(database: Postgres, here: CommunityId) -> None:
    raid = happened(here, MessageType.RAID, id="twitch:raid")

    for _ in range(2):
        a_ledger(database).record([raid, raid])

    assert points(database, here) == 30
    [earned] = Reputation(database).history(here, Account("twitch", "id-ana"), most=10)
    assert (earned.event, earned.points) == ("raid", 30)


def test_a_community_weighs_events_as_it_likes(database: Postgres, here: CommunityId) -> None:
    own = {"message": 0, "raid": 7, "subscription": "many"}
    kinds = (MessageType.CHAT_MESSAGE, MessageType.RAID, MessageType.SUBSCRIPTION)

    a_ledger(database).record([happened(here, kind, own=own) for kind in kinds])

    assert points(database, here) == 7


def test_linked_accounts_have_one_score_and_get_back_what_was_theirs(
    database: Postgres, versions: Versions, here: CommunityId
) -> None:
    ledger = a_ledger(database)
    alice = Identity(platform="discord", user_id="7", name="Alice")
    ledger.record([happened(here, MessageType.RAID), happened(here, user=a_speaker("Max"))])
    database.write(
        """
        INSERT INTO reputation (community_id, platform, user_id, name, points, events)
        VALUES (%s, 'discord', '7', 'Alice', 12, 1)
        """,
        (here,),
    )
    with editing(database, versions) as edit:
        Identities(edit).link(ANA, alice)

    assert (
        points(database, here)
        == Reputation(database).score(here, Account("discord", "7")).here
        == 42
    )
    leaders = Leaderboards(database).leaders(here, most=5)
    assert leaders == [
        Placed(place=1, name="Ana", points=42, platforms=("discord", "twitch")),
        Placed(place=2, name="Max", points=5, platforms=("twitch",)),
    ]
    with editing(database, versions) as edit:
        Identities(edit).unlink(ANA, "discord")
    assert points(database, here) == 30


@pytest.mark.parametrize("bits", [None, True, "9", -5, 10**9])
def test_what_is_no_number_of_bits_is_bounded(bits: object) -> None:
    assert 0 <= points_for(MessageType.CHEER, {"bits": bits}, {}) <= 100_000


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 200)), max_size=20))
def test_whatever_the_batches_points_are_those_of_what_was_counted(
    database: Postgres, here: CommunityId, lines: Sequence[tuple[int, int]]
) -> None:
    """However lines are cut into batches and repeated, the sum is that of the counted events."""
    database.write("DELETE FROM reputation")
    database.write("DELETE FROM reputation_events")
    ledger, now = a_ledger(database), datetime.now(UTC)
    for batch in range(6):
        own = [(number, second) for number, second in lines if number == batch]
        outcomes = [happened(here, after=-s, now=now, id=f"twitch:{n}-{s}") for n, s in own]
        ledger.record(outcomes)
        ledger.record(outcomes)
    [row] = database.write("SELECT coalesce(sum(points), 0) AS sum FROM reputation_events")
    assert points(database, here) == row["sum"]


def test_who_shares_a_first_subscription_was_counted_when_it_began() -> None:
    assert points_for(MessageType.RESUB, {"months": 1}, {}) == 0
    assert points_for(MessageType.RESUB, {"months": 8}, {}) == 30
    assert points_for(MessageType.RESUB, {}, {}) == 30


DAY = 86_400.0


def told(here: CommunityId, days: float, type_: MessageType, **data: Any) -> Outcome:
    return happened(here, type_, after=days * DAY, now=datetime.now(UTC), data=data)


def test_the_next_month_of_a_subscription_is_another_deed(
    database: Postgres, here: CommunityId
) -> None:
    ledger = a_ledger(database)
    ledger.record([told(here, -60, MessageType.SUBSCRIPTION)])
    ledger.record([told(here, -40, MessageType.RESUB, months=8)])
    assert points(database, here) == 50
    ledger.record([told(here, -32, MessageType.RESUB, months=9)])
    ledger.record([told(here, -31, MessageType.RESUB, months=10)])
    ledger.record([told(here, -30.5, MessageType.RESUB, months=10)])
    assert points(database, here) == 50 + 2 * 30
    ledger.record([told(here, -20, MessageType.SUBSCRIPTION)])
    assert points(database, here) == 110 + 50


def test_what_was_given_is_paid_on_with_a_deed_of_its_own(
    database: Postgres, here: CommunityId
) -> None:
    first = told(here, -3, MessageType.SUBSCRIPTION, notice_type="sub")
    paid = [
        told(here, day, MessageType.SUBSCRIPTION, notice_type="prime_paid_upgrade")
        for day in (-2, -1)
    ]
    a_ledger(database).record([first, *paid])
    assert points(database, here) == 50 + 50


@pytest.mark.parametrize(
    ("type_", "worth"),
    [
        (MessageType.FOLLOW, 10),
        (MessageType.MEMBER_JOIN, 10),
        (MessageType.CHANNEL_JOIN, 10),
        (MessageType.RAID, 30),
        (MessageType.VOICE_JOIN, 8),
    ],
)
def test_what_costs_nothing_is_not_farmed(
    database: Postgres, here: CommunityId, type_: MessageType, worth: int
) -> None:
    """In one batch and in several, by one person in one channel."""
    ledger, now = a_ledger(database), datetime.now(UTC)
    ledger.record([happened(here, type_, now=now), happened(here, type_, after=5, now=now)])
    ledger.record([happened(here, type_, after=10, now=now)])
    assert points(database, here) == worth
    ledger.record([happened(here, type_, after=20, now=now, user=a_speaker("Max"))])
    assert points(database, here, "id-max") == worth


def test_a_follow_is_of_one_channel_and_for_good(database: Postgres, here: CommunityId) -> None:
    ledger, elsewhere = a_ledger(database), EntityId("twitch:channel:2002")
    for days in (-400, -200, 0):
        ledger.record([told(here, days, MessageType.FOLLOW)])
    assert points(database, here) == 10
    follow = told(here, 0, MessageType.FOLLOW)
    there = replace(follow.session, spot=replace(follow.session.spot, entity=elsewhere))
    ledger.record([replace(follow, session=there)])
    assert points(database, here) == 20


def test_rows_that_the_release_before_kept_are_counted(
    database: Postgres, here: CommunityId
) -> None:
    raid = {
        "event_id": "twitch:kept",
        "occurred_on": datetime.now(UTC).date(),
        "occurred_at": datetime.now(UTC),
        "community_id": here,
        "platform": "twitch",
        "user_id": "id-ana",
        "name": "Ana",
        "event_name": "raid",
        "points": 30,
    }
    for _ in range(2):
        write_rows(database, {"points": encode_rows({"points": [raid]})["points"]})
    assert points(database, here) == 30
