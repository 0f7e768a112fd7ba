"""A text as the platform of a place reads it, in messages that it takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from waddlebot.domain import sayings
from waddlebot.domain.entities import EntityId, platform_of
from waddlebot.domain.message_parts import split_text
from waddlebot.domain.sessions import Session
from waddlebot.domain.triggers import Trigger
from waddlebot.platforms import find_abilities, find_dress
from waddlebot.platforms.mentions import Mentioned
from waddlebot_sdk.listings import Listing
from waddlebot_sdk.responses import Chat

_OF_MODERATORS = frozenset({"announce", "moderation"})
"""They say what a moderator wrote for all to see."""


def parts_of(
    text: str,
    session: Session,
    at: EntityId | None = None,
    *,
    is_marked: bool = False,
    most_messages: int | None = None,
) -> list[str]:
    """As the platform of the place reads it, in messages that it takes; here unless said `at`."""
    place = at or session.event.entity
    abilities = find_abilities(platform_of(place))
    return split_text(
        dressed(text, session, place, is_marked=is_marked),
        most_characters=abilities.most_characters,
        most_messages=most_messages or abilities.most_messages,
        measure=abilities.measure,
        more=sayings.CUT,
    )


def naming(mentioned: Mentioned, session: Session, place: EntityId | None) -> Callable[[str], str]:
    """Whom a text mentions as this place shows it; an overlay is no platform's."""
    return partial(
        mentioned.said,
        on=platform_of(place) if place else "",
        now=session.event.occurred_at,
        zone=session.community.time_zone,
    )


def dressed(text: str, session: Session, place: EntityId, *, is_marked: bool = False) -> str:
    return find_dress(platform_of(place)).put_on(
        text,
        is_marked=is_marked,
        now=session.event.occurred_at,
        zone=session.community.time_zone,
    )


def has_markup(trigger: Trigger) -> bool:
    """Whether its texts may have markup: a community function's, and what moderators worded."""
    return trigger.destination.is_strangers or trigger.module in _OF_MODERATORS


def listing_of(line: Chat, parts: Sequence[str], place: EntityId) -> Listing | None:
    """None where it would have to be cut: its text is said, in as many messages as it takes."""
    may = find_abilities(platform_of(place)).dresses_lists
    return line.listing if may and len(parts) == 1 else None
