"""Whose leave ended, where Twitch tells that one did."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from waddlebot.domain.events import MessageType
from waddlebot.platforms.received import Action, Received
from waddlebot.platforms.twitch.events import read_webhook, read_websocket

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def posted(kind: str, payload: dict[str, Any]) -> Received:
    headers = {
        "twitch-eventsub-message-type": kind,
        "twitch-eventsub-message-id": "m1",
        "twitch-eventsub-message-timestamp": "2026-11-29T11:59:58.123456789Z",
    }
    return read_webhook(headers, json.dumps(payload).encode(), now=NOW, asked_until=NOW)


def revoked(status: str, **condition: str) -> dict[str, Any]:
    return {"subscription": {"type": "channel.cheer", "status": status, "condition": condition}}


@pytest.mark.parametrize("status", ["authorization_revoked", "user_removed"])
def test_a_subscription_that_hangs_on_the_streamer_alone_ends_their_leave(status: str) -> None:
    received = posted("revocation", revoked(status, broadcaster_user_id="1001"))
    assert received.action is Action.REVOCATION
    assert received.watched is not None
    assert received.watched.entity == "twitch:channel:1001"
    assert received.watched.type is MessageType.PROFILE_CHANGE
    assert received.watched.data["ended"] == status
    assert received.watched.occurred_at.second == 58
    # Whoever never had the bot in their channel gets no community by taking their leave back.
    assert received.watched.private


@pytest.mark.parametrize(
    ("status", "condition"),
    [
        ("authorization_revoked", {"broadcaster_user_id": "1001", "user_id": "99"}),
        ("authorization_revoked", {"broadcaster_user_id": "1001", "moderator_user_id": "99"}),
        ("notification_failures_exceeded", {"broadcaster_user_id": "1001"}),
        ("authorization_revoked", {}),
    ],
)
def test_what_may_be_the_bots_own_fault_ends_nobodys_leave(
    status: str, condition: dict[str, str]
) -> None:
    received = posted("revocation", revoked(status, **condition))
    assert (received.action, received.routed) == (Action.REVOCATION, None)
    assert received.facts["status"] == status


def test_whoever_takes_back_what_they_allowed_is_named_by_id() -> None:
    subscription = {"type": "user.authorization.revoke", "condition": {"client_id": "waddle"}}
    event = {"client_id": "waddle", "user_id": "1001", "user_login": None, "user_name": None}
    received = posted("notification", {"subscription": subscription, "event": event})
    assert received.action is Action.LIFECYCLE
    assert received.watched is not None
    assert received.watched.entity == "twitch:channel:1001"
    nobody = posted("notification", {"subscription": subscription, "event": {"user_id": None}})
    assert (nobody.action, nobody.routed) == (Action.LIFECYCLE, None)


def test_a_socket_tells_the_same() -> None:
    metadata = {"message_type": "revocation", "message_id": "m1"}
    payload = revoked("authorization_revoked", broadcaster_user_id="1001")
    received = read_websocket(json.dumps({"metadata": metadata, "payload": payload}), now=NOW)
    assert received.watched is not None
    assert received.watched.entity == "twitch:channel:1001"
