"""What the bot can do in a place: what its platform lets programs do, and what an admin lent."""

from __future__ import annotations

from dataclasses import replace

from waddlebot.domain.entities import home_of, platform_of
from waddlebot.domain.sessions import Session
from waddlebot.platforms import find_abilities
from waddlebot.platforms.abilities import Abilities


def abilities_at(session: Session) -> Abilities:
    """Of the place where it happened."""
    entity = session.event.entity
    abilities = find_abilities(platform_of(entity))
    if not session.community.lent or home_of(entity) not in session.community.lent:
        return abilities
    return replace(abilities, deletes_messages=True)
