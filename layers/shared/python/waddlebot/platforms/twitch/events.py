"""The doors of Twitch: EventSub over webhooks and over the socket, and IRC."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from waddlebot.domain.errors import Rejected
from waddlebot.platforms.fields import (
    dig,
    id_at,
    moment,
    object_at,
    opaque_id_at,
    parse_object,
    raw_text_at,
    text_at,
)
from waddlebot.platforms.reading import PlatformPlace, facts_of, hashed
from waddlebot.platforms.received import Action, Received, WebhookAnswer, without_event
from waddlebot.platforms.twitch.channel_events import Notification, read_notification
from waddlebot.platforms.twitch.endings import (
    AUTHORIZATION_REVOKED,
    read_authorization_revoked,
    read_revocation,
)
from waddlebot.platforms.twitch.irc import parse_line, read_line

_VERIFICATION, _REVOCATION = "webhook_callback_verification", "revocation"


def read_webhook(
    headers: Mapping[str, str],
    body: bytes,
    *,
    now: datetime,
    asked_until: datetime,  # noqa: ARG001 # the doors of all platforms have one shape
) -> Received:
    """An EventSub message; the signature is checked before. Nothing here is asked.

    Raises Rejected (400) where the body is no JSON object.
    """
    payload = parse_object(body)
    kind = headers.get("twitch-eventsub-message-type", "")
    if kind == _VERIFICATION or (not kind and "challenge" in payload):
        challenge = raw_text_at(payload, "challenge").encode(errors="replace")
        answer = WebhookAnswer(body=challenge, content_type="text/plain")
        return without_event(Action.CHALLENGE, _subscription_facts(payload), answer=answer)
    envelope_id = opaque_id_at(headers, "twitch-eventsub-message-id") or hashed(body)
    sent_at = moment(headers.get("twitch-eventsub-message-timestamp")) or now
    if kind == _REVOCATION:
        return read_revocation(payload, envelope_id=envelope_id, at=sent_at)
    return _read_told(
        payload,
        envelope_id=envelope_id,
        # Chat over webhooks is read for the bot itself: what this user writes, we wrote.
        own_id=id_at(payload, "subscription", "condition", "user_id"),
        sent_at=sent_at,
    )


def read_websocket(
    frame: str | bytes, *, now: datetime | None = None, own_id: str = ""
) -> Received:
    """One frame of EventSub's socket; what cannot be read is ignored.

    `own_id` is the bot's user id: the socket may belong to somebody else.
    """
    try:
        payload = parse_object(frame)
    except Rejected:
        return without_event(Action.IGNORE)
    kind = text_at(payload, "metadata", "message_type")
    told = object_at(payload, "payload")
    if kind == "session_reconnect":
        return without_event(Action.RECONNECT)
    sent_at = moment(dig(payload, "metadata", "message_timestamp")) or now or datetime.now(UTC)
    envelope_id = opaque_id_at(payload, "metadata", "message_id") or hashed(frame)
    if kind == _REVOCATION:
        return read_revocation(told, envelope_id=envelope_id, at=sent_at)
    if kind != "notification":
        return without_event(Action.PROTOCOL)
    return _read_told(told, envelope_id=envelope_id, sent_at=sent_at, own_id=own_id)


def read_irc(line: str, *, now: datetime | None = None) -> Received:
    return read_line(parse_line(line), now=now or datetime.now(UTC))


def _read_told(
    payload: dict[str, Any], *, envelope_id: str, sent_at: datetime, own_id: str
) -> Received:
    subscription = object_at(payload, "subscription")
    if text_at(subscription, "type") == AUTHORIZATION_REVOKED:
        event = object_at(payload, "event")
        return read_authorization_revoked(event, envelope_id=envelope_id, at=sent_at)
    return read_notification(
        Notification(
            subscription_type=text_at(subscription, "type"),
            event=object_at(payload, "event"),
            condition=object_at(subscription, "condition"),
            envelope_id=envelope_id,
            sent_at=sent_at,
            own_id=own_id,
        )
    )


def _subscription_facts(payload: dict[str, Any]) -> dict[str, Any]:
    condition = object_at(payload, "subscription", "condition")
    place = PlatformPlace(platform="twitch", channel=id_at(condition, "broadcaster_user_id"))
    data = {
        "subscription_type": text_at(payload, "subscription", "type"),
        "status": text_at(payload, "subscription", "status"),
    }
    return facts_of(place, user_id="", text="", data=data)
