"""Who has a role in a community."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends

from functions.communities.asking import CommunityRequest, Wire, allowed, needs, told
from functions.communities.community_routes import AsAdmin, Body, read_role
from waddlebot.decisions.parts.roles.deeds import Gift, give_role
from waddlebot.platforms import place_called
from waddlebot.stores.members import Members
from waddlebot_sdk.roles import Role

routes = APIRouter()
AsModerator = Annotated[CommunityRequest, Depends(allowed(Role.MODERATOR))]


class RoleGiven(Body):
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
def put_member(body: RoleGiven, asked: AsAdmin) -> Wire:
    """Nobody gives more than they have, nor takes it from those who have more."""
    gift = Gift(
        platform=body.platform,
        user=body.user_id,
        role=read_role(body.role),
        at=place_called(body.place) if body.place else None,
        name=body.name,
    )
    with asked.editing() as edit:
        give_role(edit, asked.asker, gift)
    return told({"platform": gift.platform, "user_id": gift.user, "role": gift.role.value})
