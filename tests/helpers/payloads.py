"""Payloads as the platforms write them, and replies as the router makes them."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from nacl.signing import SigningKey

from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Channel, WayBack
from waddlebot.domain.outcomes import Reply
from waddlebot.platforms.delivering import Delivered, Delivery, HttpAnswer, HttpCall

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
ASKED_UNTIL = NOW + timedelta(seconds=1.8)
DISCORD_KEY = SigningKey(bytes(32))
DISCORD_PUBLIC_KEY = bytes(DISCORD_KEY.verify_key).hex()
SLACK_SECRET = "slack-signing-secret"
TWITCH_SECRET = "twitch-eventsub-secret"
EXECUTION = "e" * 22


def discord_headers(body: bytes, now: datetime = NOW) -> dict[str, str]:
    timestamp = str(int(now.timestamp()))
    return {
        "content-type": "application/json",
        "x-signature-ed25519": DISCORD_KEY.sign(timestamp.encode() + body).signature.hex(),
        "x-signature-timestamp": timestamp,
    }


def slack_headers(
    body: bytes, now: datetime = NOW, *, content_type: str = "application/json"
) -> dict[str, str]:
    timestamp = str(int(now.timestamp()))
    signed = b"v0:" + timestamp.encode() + b":" + body
    digest = hmac.new(SLACK_SECRET.encode(), signed, hashlib.sha256).hexdigest()
    return {
        "content-type": content_type,
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": f"v0={digest}",
    }


def twitch_headers(
    body: bytes,
    now: datetime = NOW,
    *,
    kind: str = "notification",
    message_id: str = "m-1",
    secret: str = TWITCH_SECRET,
) -> dict[str, str]:
    timestamp = now.strftime("%Y-%m-%dT%H:%M:%S.123456789Z")
    signed = message_id.encode() + timestamp.encode() + body
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return {
        "content-type": "application/json",
        "twitch-eventsub-message-id": message_id,
        "twitch-eventsub-message-timestamp": timestamp,
        "twitch-eventsub-message-signature": f"sha256={digest}",
        "twitch-eventsub-message-type": kind,
    }


def a_slash_command(
    *options: dict[str, Any], name: str = "waddlebot", **changes: Any
) -> dict[str, Any]:
    payload = {
        "id": "900",
        "application_id": "77",
        "type": 2,
        "token": "interaction-token",
        "version": 1,
        "guild_id": "10",
        "channel_id": "20",
        "member": {"user": {"id": "30", "username": "ana"}, "permissions": "0"},
        "data": {"id": "1", "type": 1, "name": name, "options": list(options)},
    }
    return {**payload, **changes}


def a_discord_line(content: str, **changes: Any) -> dict[str, Any]:
    payload = {
        "id": "901",
        "type": 0,
        "guild_id": "10",
        "channel_id": "20",
        "content": content,
        "timestamp": "2026-11-01T11:59:59.500000+00:00",
        "author": {"id": "30", "username": "ana", "global_name": "Ana"},
    }
    return {"op": 0, "t": "MESSAGE_CREATE", "s": 7, "d": {**payload, **changes}}


def a_slack_event(**event: Any) -> bytes:
    line = {"type": "message", "channel": "C1", "user": "U1", "ts": "1793534399.000100"}
    envelope = {
        "type": "event_callback",
        "team_id": "T1",
        "event_id": "Ev1",
        "event": {**line, **event},
        "authorizations": [{"team_id": "T1", "user_id": "UBOT", "is_bot": True}],
    }
    return json.dumps(envelope).encode()


def a_slack_form(**fields: str) -> bytes:
    form = {
        "team_id": "T1",
        "channel_id": "C1",
        "user_id": "U1",
        "user_name": "ana",
        "command": "/waddlebot",
        "text": "quote 3",
        "response_url": "https://hooks.slack.com/commands/T1/1/x",
        "trigger_id": "1.2.3",
    }
    return urlencode({**form, **fields}).encode()


def a_twitch_notification(subscription_type: str, **event: Any) -> bytes:
    subscription = {
        "type": subscription_type,
        "condition": {"broadcaster_user_id": "1001", "user_id": "9999"},
    }
    return json.dumps(
        {"subscription": subscription, "event": {"broadcaster_user_id": "1001", **event}}
    ).encode()


def a_twitch_line(text: str, *, badges: Sequence[str] = (), **changes: Any) -> bytes:
    line = {
        "chatter_user_id": "42",
        "chatter_user_login": "ana",
        "chatter_user_name": "Ana",
        "message_id": "line-1",
        "message": {"text": text},
        "badges": [{"set_id": badge, "id": "1"} for badge in badges],
    }
    return a_twitch_notification("channel.chat.message", **{**line, **changes})


def a_reply(
    text: str = "Waddle on!",
    *,
    entity: str,
    number: int = 0,
    way_back: WayBack | None = None,
    private: bool = False,
    secret: bool = False,
    user: str | None = "30",
    in_place: bool = False,
) -> Reply:
    return Reply(
        id=f"{EXECUTION}{number}",
        session_id="sess_1",
        execution_id=EXECUTION,
        entity=EntityId(entity),
        text=text,
        way_back=way_back or Channel(),
        user=user,
        user_name="Ana",
        private=private or secret,
        secret=secret,
        in_place=in_place,
    )


def play(
    delivery: Delivery, *answers: HttpAnswer, server: str = "10"
) -> tuple[list[HttpCall], Delivered]:
    """The calls that were made for these answers, and what came of it.

    Whose channel it is Discord is asked beside them, and answers `server`.
    """
    calls = [_past_looking(delivery, next(delivery), server)]
    for answer in answers:
        try:
            calls.append(_past_looking(delivery, delivery.send(answer), server))
        except StopIteration as done:
            return calls, done.value
    raise AssertionError(f"one more answer is needed, for {calls[-1]}")


def _past_looking(delivery: Delivery, call: HttpCall, server: str) -> HttpCall:
    if call.method == "GET" and re.search(r"discord\.com/api/v10/channels/\d+$", call.url):
        return delivery.send(HttpAnswer(status=200, json={"guild_id": server}))
    return call


def ok(**body: Any) -> HttpAnswer:
    return HttpAnswer(status=200, json=body)


def failed(status: int, headers: dict[str, str] | None = None, **body: Any) -> HttpAnswer:
    return HttpAnswer(status=status, headers=headers or {}, json=body)
