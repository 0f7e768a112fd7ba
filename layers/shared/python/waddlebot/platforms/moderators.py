"""Where a community's moderators read what concerns them alone: never where everybody reads."""

from __future__ import annotations

from collections.abc import Iterator

from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import EntityId, home_of, platform_of
from waddlebot.domain.executions import Notice
from waddlebot.domain.sessions import Session
from waddlebot.platforms import find_abilities


def for_moderators(session: Session, text: str) -> Notice | None:
    """Where they named a channel; else, and where that takes nothing, where they surely look.

    None where the place is of a platform that nobody here speaks.
    """
    places = list(dict.fromkeys(_places(session)))
    if not places:
        return None
    return Notice(entity=places[0], text=text, for_moderators=True, instead=tuple(places[1:]))


def _places(session: Session) -> Iterator[EntityId]:
    """The best first: their channel, where it happened, and where the community was founded."""
    community = session.community
    if community.moderators_channel:
        yield community.moderators_channel
    homes = filter(None, (home_of(session.spot.entity), community.home))
    yield from filter(None, map(moderators_at, homes))


def moderators_at(home: str) -> EntityId | None:
    """Where those who moderate a server or channel surely look."""
    abilities = find_abilities(platform_of(EntityId(home)))
    if abilities.moderators_of is None:
        return None
    pattern, place = abilities.moderators_of
    found = pattern.fullmatch(home)
    return EntityId(found.expand(place)) if found else None


def alone_with(person: Account) -> EntityId | None:
    """Where one person and the bot are alone; None where that hangs on more than the person."""
    place = find_abilities(person.platform).alone_with
    return EntityId(place.format(person.user_id)) if place else None
