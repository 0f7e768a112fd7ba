"""A standing goes from 300 to 850 by what somebody does, and is told as a tier."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.helpers.events_and_commands import a_community, a_session, an_event
from tests.helpers.ledgers import a_ledger
from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import CommunityId
from waddlebot.domain.events import MessageType
from waddlebot.domain.outcomes import Outcome
from waddlebot.domain.standing_tiers import tier_of, weight_for
from waddlebot.stores.places import Places
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.reputation import Reputation
from waddlebot.stores.versions import Versions, editing

ANA = Account("twitch", "id-ana")


@pytest.fixture
def here(database: Postgres, versions: Versions) -> CommunityId:
    with editing(database, versions) as edit:
        return Places(edit).join([an_event().entity], "Penguins")


def happened(here: int, type_: MessageType, *, minutes_ago: float = 0.0, **data: Any) -> Outcome:
    at = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    event = an_event("hi", type=type_, occurred_at=at, data=data)
    return Outcome(session=a_session(event=event, community=a_community(id=here)))


def standing(database: Postgres, here: CommunityId) -> float:
    return Reputation(database).score(here, ANA).standing / 1000


def test_it_begins_in_the_middle_and_moves_with_what_somebody_does(
    database: Postgres, here: CommunityId
) -> None:
    ledger = a_ledger(database)
    assert standing(database, here) == 600
    ledger.record([happened(here, MessageType.CHAT_MESSAGE, minutes_ago=3)])
    assert standing(database, here) == 600.01
    raid = happened(here, MessageType.RAID)
    ledger.record([raid])
    ledger.record([raid])
    ledger.record([happened(here, MessageType.CHEER, bits=250)])
    assert standing(database, here) == 604.51
    ledger.record([happened(here, MessageType.TIMEOUT)])
    assert standing(database, here) == 554.51


def test_it_stays_within_its_scale(database: Postgres, here: CommunityId) -> None:
    ledger = a_ledger(database)
    for _ in range(3):
        ledger.record([happened(here, MessageType.BAN)])
    assert standing(database, here) == 300
    ledger.record([happened(here, MessageType.GIFT_SUBSCRIPTION, total=100)])
    assert standing(database, here) == 550
    ledger.record([happened(here, MessageType.CHEER, bits=100_000)])
    ledger.record([happened(here, MessageType.CHEER, bits=100_000)])
    assert standing(database, here) == 850


def test_linked_accounts_have_one_standing(database: Postgres, here: CommunityId) -> None:
    database.write(
        """
        INSERT INTO reputation (community_id, platform, user_id, name, points, events, standing)
        VALUES (%(here)s, 'twitch', 'id-ana', 'Ana', 0, 1, 640000),
            (%(here)s, 'discord', '7', 'Alice', 0, 1, 590000),
            (1, 'discord', '7', 'A', 0, 1, 300000)
        """,
        {"here": here},
    )
    database.write("INSERT INTO people (id) OVERRIDING SYSTEM VALUE VALUES (77)")
    database.write(
        "INSERT INTO identities VALUES ('twitch', 'id-ana', 77, 'A'), ('discord', '7', 77, 'A')"
    )
    assert standing(database, here) == 630


@pytest.mark.parametrize(
    ("type_", "data", "weight"),
    [
        (MessageType.CHAT_MESSAGE, {}, 10),
        (MessageType.SUBSCRIPTION, {"tier": "1000"}, 5_000),
        (MessageType.SUBSCRIPTION, {"tier": "Prime"}, 5_000),
        (MessageType.RESUB, {"tier": "2000"}, 10_000),
        (MessageType.SUBSCRIPTION, {"tier": "3000"}, 20_000),
        (MessageType.GIFT_SUBSCRIPTION, {}, 3_000),
        (MessageType.GIFT_SUBSCRIPTION, {"total": 5}, 15_000),
        (MessageType.CHEER, {"bits": 100}, 1_000),
        (MessageType.CHEER, {"bits": True}, 0),
        (MessageType.CHEER, {"bits": 10**12}, 250_000),
        (MessageType.BAN, {}, -200_000),
        (MessageType.REACTION, {}, 0),
    ],
)
def test_each_event_has_its_weight(type_: MessageType, data: dict[str, Any], weight: int) -> None:
    assert weight_for(type_, data) == weight


@pytest.mark.parametrize(
    ("points", "tier"),
    [
        *((850, "exceptional"), (800, "exceptional"), (799.999, "very good"), (740, "very good")),
        *((739.999, "good"), (670, "good"), (669.999, "fair"), (580, "fair"), (579.999, "poor")),
        (300, "poor"),
    ],
)
def test_the_tiers_have_their_bounds(points: float, tier: str) -> None:
    assert tier_of(round(points * 1000)) == tier
