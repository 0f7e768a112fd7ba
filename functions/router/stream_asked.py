"""What runs on the channel where something is said: asked of the function that asks Twitch."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import msgspec

from waddlebot.domain.custom_facts import StreamFacts
from waddlebot.domain.entities import EntityId, parse_entity
from waddlebot.domain.errors import Unavailable
from waddlebot.runtime.invoke import Invoker

FUNCTION, VERSION = "ask-twitch", 1
PATIENCE = timedelta(seconds=3)
NOT_THERE = "only in Twitch's chat"
SILENT = "Twitch does not say it for now"

log = logging.getLogger(__name__)


class _Told(msgspec.Struct, frozen=True, kw_only=True):
    stream: StreamFacts | None = None
    why: str = SILENT


def ask_stream(invoke: Invoker, entity: EntityId) -> StreamFacts | str:
    """Or in half a sentence why it is not known; never raises."""
    place = parse_entity(entity)
    if place.platform != "twitch" or not place.channel:
        return NOT_THERE
    asked = msgspec.json.encode({"v": VERSION, "channel": place.channel})
    try:
        answer = invoke.call(FUNCTION, asked, deadline=datetime.now(UTC) + PATIENCE)
        told = msgspec.json.decode(answer, type=_Told)
    except (Unavailable, msgspec.DecodeError) as error:
        log.warning("nobody says what runs on a channel", extra={"error": str(error)})
        return SILENT
    return told.stream or told.why
