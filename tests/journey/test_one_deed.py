"""One deed counts once, however often and by whatever ways Twitch tells of it."""

from __future__ import annotations

import uuid
from typing import Any

import psycopg
import pytest

from tests.helpers import signed
from tests.helpers.house import House
from tests.helpers.patience import eventually


class Channel:
    """One of its own, and one viewer of it."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.id, self.viewer = (str(10**14 + uuid.uuid4().int % 10**14) for _ in range(2))

    def is_told(self, kind: str, **event: Any) -> None:
        """Each time in a delivery with an id of its own."""
        about = {"id": str(uuid.uuid4()), "type": kind, "version": "1", "status": "enabled"}
        condition = {"broadcaster_user_id": self.id}
        who = {"user_id": self.viewer, "user_login": "ana", "user_name": "Ana"}
        body = {"subscription": {**about, "condition": condition}, "event": condition | who | event}
        assert signed.twitch(self.house, body).send(self.house)[0] == 204

    def notices(self, kind: str, **details: Any) -> None:
        """In its chat, as a message of its own each time."""
        channel, user = self.id, self.viewer
        told = signed.twitch_notice(self.house, kind, details, channel=channel, user=user)
        assert told.send(self.house)[0] == 204

    def counted(self) -> list[tuple[str, int]]:
        """All that the viewer earned, once nothing is on its way any more."""
        self.is_told("channel.cheer", bits=1, is_anonymous=False, message="that is all")
        assert eventually(lambda: ("cheer", 1) in self._earned())
        return [one for one in self._earned() if one != ("cheer", 1)]

    def _earned(self) -> list[tuple[str, int]]:
        with psycopg.connect(self.house.database_url) as connection:
            rows = connection.execute(
                """
                SELECT event_name, points FROM reputation_events
                WHERE platform = 'twitch' AND user_id = %s ORDER BY event_name, points
                """,
                (self.viewer,),
            ).fetchall()
        return [(str(name), int(points)) for name, points in rows]


@pytest.fixture
def channel(house: House) -> Channel:
    return Channel(house)


RETURNS: dict[str, Any] = {"tier": "1000", "is_gift": False}
SHARES: dict[str, Any] = {
    "tier": "1000",
    "cumulative_months": 8,
    "streak_months": 1,
    "duration_months": 1,
    "message": {"text": "back again", "emotes": []},
}


def test_a_returning_subscriber_who_shares_it_subscribed_once(channel: Channel) -> None:
    channel.is_told("channel.subscribe", **RETURNS)
    channel.is_told("channel.subscription.message", **SHARES)
    assert channel.counted() == [("subscription", 50)]


def test_whichever_of_both_comes_first_the_other_adds_nothing(channel: Channel) -> None:
    channel.is_told("channel.subscription.message", **SHARES)
    channel.is_told("channel.subscribe", **RETURNS)
    assert channel.counted() == [("resub", 30)]


def test_what_chat_tells_as_well_was_counted(channel: Channel) -> None:
    channel.is_told("channel.subscribe", **RETURNS)
    channel.notices("sub", sub_tier="1000", is_prime=False, duration_months=1)
    channel.notices("resub", sub_tier="1000", cumulative_months=8, is_gift=False)
    assert channel.counted() == [("subscription", 50)]


def test_a_month_that_two_ways_tell_of_is_one(channel: Channel) -> None:
    channel.notices("resub", sub_tier="1000", cumulative_months=8)
    channel.is_told("channel.subscription.message", **SHARES)
    assert channel.counted() == [("resub", 30)]


def test_whoever_follows_again_followed_once(channel: Channel) -> None:
    for moment in ("2026-11-28T10:00:00.1Z", "2026-11-28T11:00:00.2Z"):
        channel.is_told("channel.follow", followed_at=moment)
    assert channel.counted() == [("follow", 10)]


def test_a_gift_to_the_community_is_one_whatever_message_tells_of_it(channel: Channel) -> None:
    for _ in range(2):
        channel.notices("community_sub_gift", id="g1", total=5, sub_tier="1000")
    channel.notices("community_sub_gift", id="g2", total=1, sub_tier="1000")
    assert channel.counted() == [("gift_subscription", 60), ("gift_subscription", 300)]


def test_a_gift_is_told_from_another_by_how_many_they_are_with_it(channel: Channel) -> None:
    for total_now in (5, 5, 10):
        channel.is_told(
            "channel.subscription.gift", total=5, tier="1000", cumulative_total=total_now
        )
    assert channel.counted() == [("gift_subscription", 300)] * 2


def test_who_is_given_a_subscription_did_nothing_for_it(channel: Channel) -> None:
    channel.is_told("channel.subscribe", tier="1000", is_gift=True)
    channel.is_told("channel.subscribe", tier="1000", is_gift=False)
    assert channel.counted() == [("subscription", 50)]


def test_two_cheers_alike_are_two(channel: Channel) -> None:
    for _ in range(2):
        channel.is_told("channel.cheer", bits=100, is_anonymous=False, message="Cheer100")
    assert channel.counted() == [("cheer", 100), ("cheer", 100)]
