"""Who has a role in a community."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends

from functions.communities.asking import Asked, Wire, allowed, needs, told
from functions.communities.community_routes import AsAdmin, Body
from waddlebot.domain.entities import EntityId
from waddlebot.domain.errors import Rejected
from waddlebot.domain.rights import may_give
from waddlebot.platforms import place_called, platform_names
from waddlebot.stores.communities import Communities, places_of
from waddlebot.stores.members import Members
from waddlebot_sdk.roles import Role

routes = APIRouter()
AsModerator = Annotated[Asked, Depends(allowed(Role.MODERATOR))]


class Given(Body):
    """`role` "user" takes back; `place` is the one where it holds, left out: everywhere."""

    platform: str
    user_id: str
    role: str
    place: str | None = None
    name: str = ""


@routes.get("/{community}/members", openapi_extra=needs(Role.MODERATOR))
def list_members(asked: AsModerator) -> Wire:
    """Who was given more than everybody has, the highest first."""
    return told(
        [
            {
                "platform": one.platform,
                "user_id": one.user_id,
                "name": one.name,
                "role": one.role.value,
                "place": one.entity,
            }
            for one in Members(asked.postgres).with_roles(asked.community)
        ]
    )


@routes.put("/{community}/members", openapi_extra=needs(Role.ADMIN))
def give_role(body: Given, asked: AsAdmin) -> Wire:
    """Nobody gives more than they have, nor takes it from those who have more."""
    place = place_called(body.place) if body.place else None
    role = _checked(body, place, asked)
    with asked.editing() as edit:
        communities = Communities(edit)
        has = communities.member_role(asked.community, body.platform, body.user_id, at=place)
        if not may_give(asked.role, role) or not may_give(asked.role, has):
            raise Rejected(403, "MISSING_ROLE", "That takes more than this key has.")
        communities.set_member_role(
            asked.community, body.platform, body.user_id, role, at=place, name=body.name[:100]
        )
    return told({"platform": body.platform, "user_id": body.user_id, "role": role.value})


def _checked(body: Given, place: EntityId | None, asked: Asked) -> Role:
    if body.platform not in platform_names():
        raise _invalid("platform", f"'platform' is one of {', '.join(sorted(platform_names()))}.")
    if not 1 <= len(body.user_id) <= 64 or not body.user_id.isprintable():
        raise _invalid("user_id", "'user_id' is the platform's own id, 64 characters at most.")
    if place and not places_of(asked.postgres, asked.community, [place]):
        raise _invalid("place", "There is no such place in this community.")
    try:
        return Role(body.role)
    except ValueError:
        raise _invalid("role", f"'role' is one of {', '.join(Role)}.") from None


def _invalid(field: str, words: str) -> Rejected:
    return Rejected(400, "INVALID_FIELD", words, details={"field": field})
