"""POST /webhooks/twitch."""

from __future__ import annotations

from functions.ingress.doors import serve, webhook_of
from waddlebot.platforms.twitch import events, render, signature

webhook = webhook_of(
    "twitch",
    verify=signature.verify,
    read=events.read_webhook,
    manners=render,
    signed_with="TWITCH_EVENTSUB_SECRET",
)
handler = serve(webhook)
