"""What a webhook tells of people, places and lines that nobody has opened at the stand-ins.

Whoever signs a delivery by hand names what is theirs; the real platform would know it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from local.stand_ins.people import StandInPerson
from local.stand_ins.places import StandInPlace
from local.stand_ins.platform import StandInPlatform, Surroundings
from waddlebot.domain.entities import parse_entity
from waddlebot.domain.errors import Rejected
from waddlebot.domain.events import Event
from waddlebot.platforms.discord.events import read_webhook as read_discord
from waddlebot.platforms.slack.events import read_webhook as read_slack
from waddlebot.platforms.twitch.events import read_webhook as read_twitch

_READERS = {"discord": read_discord, "slack": read_slack, "twitch": read_twitch}


def take_note(
    name: str,
    platform: StandInPlatform,
    around: Surroundings,
    scope: Mapping[str, Any],
    body: bytes,
) -> None:
    """`scope` is ASGI's of the delivery; what cannot be read tells nothing."""
    headers = {
        key.decode("latin-1").lower(): value.decode("latin-1") for key, value in scope["headers"]
    }
    now = datetime.now(UTC)
    try:
        event = _READERS[name](headers, body, now=now, asked_until=now).event
    except Rejected:
        return
    if event is None:
        return
    place, person = _place_of(event, around), _person_of(name, event, around)
    if person and event.message:
        platform.keep_line(place, person, event.message, event.text)


def _place_of(event: Event, around: Surroundings) -> StandInPlace:
    entity = parse_entity(event.entity)
    private_with = event.user.id if event.private and event.user else None
    return around.places.meet(
        entity.platform, entity.channel, server=entity.server, private_with=private_with
    )


def _person_of(name: str, event: Event, around: Surroundings) -> StandInPerson | None:
    """Slack's lines carry no name: then the id stands for it."""
    if event.user is None:
        return None
    is_named = event.user.name not in ("", event.user.id)
    return around.people.meet(
        name, event.user.id, login=event.user.name.lower() if is_named else event.user.id
    )
