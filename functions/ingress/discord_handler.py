"""POST /webhooks/discord."""

from __future__ import annotations

from functions.ingress.doors import serve, webhook_of
from waddlebot.platforms.discord import events, render, signature

webhook = webhook_of(
    "discord",
    verify=signature.verify,
    read=events.read_webhook,
    manners=render,
    signed_with="DISCORD_PUBLIC_KEY",
    completed=render.completed,
)
handler = serve(webhook)
