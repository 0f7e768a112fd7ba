"""POST /webhooks/slack."""

from __future__ import annotations

from functions.ingress.doors import serve, webhook_of
from waddlebot.platforms.slack import events, render, signature

webhook = webhook_of(
    "slack",
    verify=signature.verify,
    read=events.read_webhook,
    manners=render,
    signed_with="SLACK_SIGNING_SECRET",
    once=True,
    unsigned=events.answer_unsigned,
    completed=render.completed,
)
handler = serve(webhook)
