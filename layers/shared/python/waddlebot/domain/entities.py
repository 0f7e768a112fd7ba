"""An entity is one place WaddleBot serves: `platform:kind:id`.

`twitch:channel:1001` · `discord:channel:<guild>/<channel>` · `slack:channel:<team>/<channel>`
(docs/api.md). Here and nowhere else is it built and parsed.
"""

from __future__ import annotations

import re
from typing import NamedTuple, NewType

from waddlebot.domain.errors import Rejected

EntityId = NewType("EntityId", str)
CommunityId = NewType("CommunityId", int)

GLOBAL_COMMUNITY = CommunityId(0)
"""The one of all: who has a role there has it in every community."""

OPERATOR = EntityId("operator:house:0")
"""A place that no platform has: what is for it becomes a letter for the operator."""

_SERVER = "server"
_SHAPE = re.compile(r"([a-z]{2,16}):([a-z]{2,16}):([\w.@-]{1,64})(?:/([\w.@-]{1,64}))?", re.ASCII)


class Entity(NamedTuple):
    """`server` is a Discord guild or Slack workspace, None where the platform has none.

    Of a whole server (kind `server`) it is its own.
    """

    platform: str
    kind: str
    server: str | None
    channel: str


def channel_entity(platform: str, channel: str, *, server: str | None = None) -> EntityId:
    return EntityId(
        f"{platform}:channel:{server}/{channel}" if server else f"{platform}:channel:{channel}"
    )


def parse_entity(text: str) -> Entity:
    """Raises Rejected (400) where the text is no entity id."""
    shape = _SHAPE.fullmatch(text)
    if shape is None:
        raise Rejected(
            400,
            "INVALID_ENTITY",
            "entity_id must look like platform:kind:id, for example twitch:channel:waddlebot, "
            f"not {text[:80]!r}.",
        )
    platform, kind, first, second = shape.groups()
    return Entity(
        platform=platform,
        kind=kind,
        server=first if second or kind == _SERVER else None,
        channel=second or first,
    )


def home_of(entity_id: EntityId) -> str:
    """The server that a place belongs to, or the place itself: what founds a community."""
    place = parse_entity(entity_id)
    return f"{place.platform}:server:{place.server}" if place.server else entity_id


def is_whole_server(entity_id: EntityId) -> bool:
    """Of what happens there no channel is the place: somebody joins, boosts, gets a role."""
    return parse_entity(entity_id).kind == _SERVER


def is_like_a_home(name: str) -> bool:
    """Whether it could be taken for a place: homes that nobody named are called by their ids."""
    return ":" in name


def platform_of(entity_id: EntityId) -> str:
    return entity_id.partition(":")[0]
