"""A line of chat by the platform's id of it: what its event is called, and where people find it."""

from __future__ import annotations

from waddlebot.domain.entities import EntityId, parse_entity

_EDIT, _BEHIND_EDITS = "/", "0"


def line_event(entity: EntityId, message: str) -> str:
    """The id of the event that the line was, as the platform's reader names it."""
    place = parse_entity(entity)
    if place.platform == "slack":
        return f"slack:{place.server}/{place.channel}/{message}"
    return f"{place.platform}:{message}"


def edits_of(event_id: str) -> tuple[str, str]:
    """Between these two are the ids of its edits."""
    return f"{event_id}{_EDIT}", f"{event_id}{_BEHIND_EDITS}"


def gone_event(event_id: str) -> str:
    """The id of the note that this line was deleted where it stood; it is no edit's."""
    return f"{event_id}#gone"


def line_address(entity: EntityId, message: str) -> str:
    """Empty where a platform has none that everybody could open."""
    place = parse_entity(entity)
    if place.platform != "discord" or not place.server:
        return ""
    return f"https://discord.com/channels/{place.server}/{place.channel}/{message}"
