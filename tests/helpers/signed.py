"""Deliveries as the platforms sign them, made by hand from the keys of dev.env."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from nacl.signing import SigningKey

from tests.helpers.house import House


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    platform: str
    headers: Mapping[str, str]
    body: bytes

    def send(self, house: House) -> tuple[int, Any]:
        return house.ask(
            "POST", f"/webhooks/{self.platform}", body=self.body, headers=dict(self.headers)
        )

    def damaged(self) -> Delivery:
        flipped = bytes([self.body[0] ^ 1]) + self.body[1:]
        return Delivery(platform=self.platform, headers=self.headers, body=flipped)


def slack(house: House, body: bytes, *, form: bool = True, at: float | None = None) -> Delivery:
    moment = str(int(at or time.time()))
    secret = house.keys["SLACK_SIGNING_SECRET"].encode()
    signature = hmac.new(secret, b"v0:" + moment.encode() + b":" + body, hashlib.sha256)
    kind = "application/x-www-form-urlencoded" if form else "application/json"
    headers = {
        "content-type": kind,
        "x-slack-request-timestamp": moment,
        "x-slack-signature": f"v0={signature.hexdigest()}",
    }
    return Delivery(platform="slack", headers=headers, body=body)


def slack_slash(house: House, text: str, *, team: str, channel: str, user: str = "U7") -> Delivery:
    fields = {
        "token": "x",
        "team_id": team,
        "channel_id": channel,
        "channel_name": "general",
        "user_id": user,
        "user_name": "ana",
        "command": "/waddlebot",
        "text": text,
        "response_url": f"{house.url}/stand-ins/slack/respond/{uuid.uuid4().hex}",
        "trigger_id": f"13345224609.{uuid.uuid4().int % 10**10}.{uuid.uuid4().hex}",
        "api_app_id": "A1",
    }
    return slack(house, urlencode(fields).encode())


def slack_line(house: House, text: str, *, team: str, channel: str, user: str = "U7") -> Delivery:
    moment = f"{time.time():.6f}"
    message = {
        "type": "message",
        "channel": channel,
        "channel_type": "channel",
        "user": user,
        "text": text,
        "ts": moment,
        "event_ts": moment,
    }
    envelope = {
        "token": "x",
        "type": "event_callback",
        "team_id": team,
        "api_app_id": "A1",
        "event_id": f"Ev{uuid.uuid4().hex[:9].upper()}",
        "event_time": int(time.time()),
        "event": message,
    }
    return slack(house, json.dumps(envelope).encode(), form=False)


def discord(house: House, interaction: object, *, at: float | None = None) -> Delivery:
    body = json.dumps(interaction).encode()
    moment = str(int(at or time.time()))
    key = SigningKey(bytes.fromhex(house.keys["DISCORD_STAND_IN_PRIVATE_KEY"]))
    headers = {
        "x-signature-ed25519": key.sign(moment.encode() + body).signature.hex(),
        "x-signature-timestamp": moment,
    }
    return Delivery(platform="discord", headers=headers, body=body)


def discord_slash(
    house: House, text: str, *, guild: str, channel: str, member: Mapping[str, Any] | None = None
) -> Delivery:
    """`member` is Discord's object: who asks, as the account is called and as it is shown."""
    return discord(
        house,
        {
            "id": str((int(time.time() * 1000) - 1420070400000) << 22 | uuid.uuid4().int % 2**22),
            "application_id": house.keys["DISCORD_APPLICATION_ID"],
            "type": 2,
            "token": uuid.uuid4().hex,
            "version": 1,
            "guild_id": guild,
            "channel_id": channel,
            "member": {
                "user": {"id": "80351110224678912", "username": "ana"},
                "permissions": "0",
                "roles": [],
                **(member or {}),
            },
            "data": {
                "id": "771825006014889984",
                "name": "waddlebot",
                "type": 1,
                "options": [{"name": "command", "type": 3, "value": text}],
            },
        },
    )


def twitch(
    house: House, body: Mapping[str, Any], *, kind: str = "notification", at: datetime | None = None
) -> Delivery:
    raw = json.dumps(body).encode()
    number = str(uuid.uuid4())
    moment = (at or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%S.%f789Z")
    secret = house.keys["TWITCH_EVENTSUB_SECRET"].encode()
    signature = hmac.new(secret, number.encode() + moment.encode() + raw, hashlib.sha256)
    headers = {
        "twitch-eventsub-message-id": number,
        "twitch-eventsub-message-retry": "0",
        "twitch-eventsub-message-type": kind,
        "twitch-eventsub-message-timestamp": moment,
        "twitch-eventsub-message-signature": f"sha256={signature.hexdigest()}",
        "twitch-eventsub-subscription-type": body["subscription"]["type"],
        "twitch-eventsub-subscription-version": "1",
    }
    return Delivery(platform="twitch", headers=headers, body=raw)


def twitch_line(
    house: House,
    text: str,
    *,
    channel: str,
    user: str = "4145994",
    name: str = "Ana",
    badge: str = "",
) -> Delivery:
    return twitch(
        house,
        {
            "subscription": _subscription(channel),
            "event": {
                "broadcaster_user_id": channel,
                "broadcaster_user_login": "somebody",
                "broadcaster_user_name": "Somebody",
                "chatter_user_id": user,
                "chatter_user_login": name.lower(),
                "chatter_user_name": name,
                "message_id": str(uuid.uuid4()),
                "message": {"text": text, "fragments": [{"type": "text", "text": text}]},
                "badges": [{"set_id": badge, "id": "1", "info": ""}] if badge else [],
                "message_type": "text",
            },
        },
    )


def twitch_copy(
    house: House, text: str, *, channel: str, user: str = "4145994", name: str = "Ana"
) -> Delivery:
    """A line of another channel, shown here as both share their chat."""
    delivery = twitch_line(house, text, channel=channel, user=user, name=name)
    body = json.loads(delivery.body)
    body["event"] |= {
        "source_broadcaster_user_id": "7777777",
        "source_broadcaster_user_login": "neighbour",
        "source_broadcaster_user_name": "Neighbour",
        "source_message_id": str(uuid.uuid4()),
    }
    return twitch(house, body)


def twitch_notice(
    house: House, kind: str, details: Mapping[str, Any], *, channel: str, user: str
) -> Delivery:
    subscription = {**_subscription(channel), "type": "channel.chat.notification"}
    event = {
        "broadcaster_user_id": channel,
        "broadcaster_user_login": "somebody",
        "broadcaster_user_name": "Somebody",
        "chatter_user_id": user,
        "chatter_user_login": "gifter",
        "chatter_user_name": "Gifter",
        "chatter_is_anonymous": False,
        "message_id": str(uuid.uuid4()),
        "message": {"text": "", "fragments": []},
        "system_message": "x",
        "badges": [],
        "notice_type": kind,
        kind: details,
    }
    return twitch(house, {"subscription": subscription, "event": event})


def twitch_challenge(house: House, challenge: str) -> Delivery:
    body = {"subscription": _subscription("1"), "challenge": challenge}
    return twitch(house, body, kind="webhook_callback_verification")


def twitch_revocation(house: House, *, channel: str) -> Delivery:
    subscription = {**_subscription(channel), "status": "authorization_revoked"}
    return twitch(house, {"subscription": subscription}, kind="revocation")


def _subscription(channel: str) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "type": "channel.chat.message",
        "version": "1",
        "status": "enabled",
        "cost": 0,
        "condition": {"broadcaster_user_id": channel, "user_id": "1000"},
        "transport": {"method": "webhook", "callback": "https://example.org/webhooks/twitch"},
        "created_at": "2026-11-01T12:00:00Z",
    }
