"""Whom somebody means: a mention, a login, a name that was seen here; and how places are called."""

from __future__ import annotations

import re
from collections.abc import Iterable

from functions.builtins.tools import WithStores
from waddlebot.domain.entities import EntityId, channel_entity, parse_entity
from waddlebot.domain.errors import Refusal, Rejected
from waddlebot.domain.sessions import Session
from waddlebot.platforms import find_abilities, place_called
from waddlebot.platforms.shown_names import ShownNames
from waddlebot.stores.members import Members
from waddlebot.stores.shown_names import names_of_places
from waddlebot_sdk import Call, NotUnderstood

AS_USUAL = "usual"
HERE = "here"
_CHANNEL = re.compile(r"<#(\w{1,64})(?:\|[^<>]*)?>", re.ASCII)
ELSEWHERE = "If that does nothing there, mention me and write it without the sign before it."
"""Another community may have another prefix; a mention needs none."""


def read_person(call: Call) -> str:
    """An id, or `@login` where the platform is asked about it. Raises NotUnderstood."""
    typed, abilities = call.arguments["person"], find_abilities(call.entity.platform)
    found = abilities.person.fullmatch(typed) if abilities.person else None
    if found is None:
        raise NotUnderstood(f"'{typed[:40]}' is nobody that I can find. Mention the person: @name")
    name = next(filter(None, found.groups()))
    return f"@{name.lower()}" if abilities.by_login else name


def say_place(place: EntityId, tools: WithStores) -> str:
    """`#general on Discord`, also where somebody reads of it elsewhere."""
    return shown_places([place], tools).place(place)


def shown_places(places: Iterable[EntityId | None], tools: WithStores) -> ShownNames:
    """What all of them are called, asked for at once; nothing is asked where there are none."""
    asked = [place for place in places if place]
    return ShownNames(places=names_of_places(tools.postgres, asked) if asked else {})


def find_person(call: Call, tools: WithStores) -> str:
    """The id, also of a login: names wander, and with them would what belongs to the person.

    Raises:
        NotUnderstood: nobody is named.
        Refusal: nobody of that name has written here.
    """
    person = read_person(call)
    if not person.startswith("@"):
        return person
    members, community = Members(tools.postgres), tools.session.community.id
    found = members.find_seen(community, call.entity.platform, person[1:])
    if found is None:
        raise Refusal(f"I have not seen {person} write here yet. Ask them to say something first.")
    return found


def read_place(session: Session, typed: str) -> EntityId | None:
    """`here`, a channel as people name it, or a place's id; None is where nobody else reads."""
    if typed.lower() == AS_USUAL:
        return None
    here = session.spot.entity
    if typed.lower() == HERE:
        return here
    linked = session.event.data.get("channels")
    found = _CHANNEL.fullmatch(typed)
    channel = found[1] if found else (linked or {}).get(typed.removeprefix("#"), "")
    if channel:
        at = parse_entity(here)
        return channel_entity(at.platform, channel, server=at.server)
    try:
        return place_called(typed)
    except Rejected:  # the deed says so, as at every door
        return EntityId(typed)
