from __future__ import annotations

from functools import cache
from typing import Any

from functions.ingress.doors import Doors
from functions.ingress.receive import Webhook
from waddlebot.platforms.discord import events, render, signature
from waddlebot.runtime.environment import Environment
from waddlebot.runtime.logs import get_logger


def handler(aws_event: dict[str, Any], _context: object) -> dict[str, Any]:
    """POST /webhooks/discord, as API Gateway passes it in (payload 2.0)."""
    return _of_process().receive(aws_event)


@cache
def _of_process() -> Webhook:
    return webhook(Environment.of_process())


def webhook(environment: Environment) -> Webhook:
    doors = Doors(environment)
    return Webhook(
        verify=signature.verify,
        read=events.read_webhook,
        manners=render,
        secret=environment["DISCORD_PUBLIC_KEY"],
        ask=doors.ask,
        store=doors.store,
        log=get_logger("ingress-discord"),
    )
