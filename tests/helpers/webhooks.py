"""The three webhooks of a house whose router answers what a test says."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import redis

from functions.ingress import discord_handler, slack_handler, twitch_handler
from functions.ingress.receive import Webhook
from tests.helpers import payloads
from tests.helpers.lambda_stand_in import Door, LambdaStandIn, lambda_stand_in
from waddlebot.domain.events import Event
from waddlebot.runtime.environment import Environment
from waddlebot.stores.streams import decode_event


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookHouse:
    """The three webhooks with a router that answers what the test says."""

    router: LambdaStandIn
    environment: Environment

    def post(
        self,
        build: Callable[[Environment], Webhook],
        body: bytes,
        headers: Mapping[str, str],
        *,
        taken_at: datetime | None = None,
        as_base64: bool = False,
    ) -> dict[str, Any]:
        epoch = (taken_at or datetime.now(UTC)).timestamp()
        aws_event = {
            "version": "2.0",
            "headers": dict(headers),
            "requestContext": {"timeEpoch": int(epoch * 1000)},
            "body": base64.b64encode(body).decode() if as_base64 else body.decode(),
            "isBase64Encoded": as_base64,
        }
        return build(self.environment).receive(aws_event)

    def discord(self, payload: Any, **how: Any) -> dict[str, Any]:
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        headers = payloads.discord_headers(body, datetime.now(UTC))
        return self.post(discord_handler.webhook, body, headers, **how)

    def slack(self, body: bytes, content_type: str = "application/json") -> dict[str, Any]:
        headers = payloads.slack_headers(body, datetime.now(UTC), content_type=content_type)
        return self.post(slack_handler.webhook, body, headers)

    def twitch(self, body: bytes, kind: str = "notification") -> dict[str, Any]:
        headers = payloads.twitch_headers(body, datetime.now(UTC), kind=kind)
        return self.post(twitch_handler.webhook, body, headers)


@contextmanager
def a_house(answer: Callable[[Door], None], streams_url: str) -> Iterator[WebhookHouse]:
    with lambda_stand_in(answer) as router:
        environment = router.environment(
            VALKEY_STREAMS_URL=streams_url,
            DISCORD_PUBLIC_KEY=payloads.DISCORD_PUBLIC_KEY,
            SLACK_SIGNING_SECRET=payloads.SLACK_SECRET,
            TWITCH_EVENTSUB_SECRET=payloads.TWITCH_SECRET,
        )
        yield WebhookHouse(router=router, environment=environment)


def nobody(_door: Door) -> None:
    raise AssertionError("told events are not the router's to be called with")


def stored(streams: redis.Redis) -> list[Event]:
    entries: Any = streams.xrange("waddlebot:stream:events")
    return [decode_event(fields) for _, fields in entries]
