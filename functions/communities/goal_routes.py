"""What a community counts towards in OBS, and how long it is until something begins."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

from fastapi import APIRouter

from functions.communities.asking import CommunityRequest, Wire, needs, told
from functions.communities.community_routes import AsUser, Body
from functions.communities.people_routes import AsModerator
from waddlebot.decisions.goals import count_goal, remove_goal, set_goal
from waddlebot.decisions.overlays import count_down
from waddlebot.runtime.push_on import push_on
from waddlebot.stores.goals import list_goals
from waddlebot.stores.versions import Edit
from waddlebot_sdk.roles import Role

routes = APIRouter()


class GoalWanted(Body):
    """`what` is one of follows, subs, bits, raids, members, boosts; `target` is how many."""

    what: str
    target: int
    title: str = ""


class GoalCounted(Body):
    what: str
    count: int


class CountdownWanted(Body):
    """Of so many seconds from now; 0: there is none any more."""

    seconds: int
    title: str = ""


@routes.get("/{community}/goals", openapi_extra=needs(Role.USER))
def show_goals(asked: AsUser) -> Wire:
    return told([asdict(one) for one in list_goals(asked.postgres, asked.community)])


@routes.put("/{community}/goals", openapi_extra=needs(Role.MODERATOR))
def put_goal(body: GoalWanted, asked: AsModerator) -> Wire:
    """In place of the one before; what that has come to stays."""
    with asked.editing() as edit:
        goal = set_goal(
            edit,
            asked.asker,
            what=body.what,
            target=body.target,
            title=body.title,
            now=datetime.now(UTC),
        )
    _show(edit, asked)
    return told(asdict(goal))


@routes.patch("/{community}/goals", openapi_extra=needs(Role.MODERATOR))
def patch_goal(body: GoalCounted, asked: AsModerator) -> Wire:
    """What it has come to."""
    with asked.editing() as edit:
        goal = count_goal(
            edit, asked.asker, what=body.what, count=body.count, now=datetime.now(UTC)
        )
    _show(edit, asked)
    return told(asdict(goal))


@routes.delete("/{community}/goals", openapi_extra=needs(Role.MODERATOR))
def delete_goal(what: str, asked: AsModerator) -> Wire:
    with asked.editing() as edit:
        gone = remove_goal(edit, asked.asker, what=what, now=datetime.now(UTC))
    _show(edit, asked)
    return told(asdict(gone))


@routes.post("/{community}/overlays/countdown", openapi_extra=needs(Role.MODERATOR))
def begin_countdown(body: CountdownWanted, asked: AsModerator) -> Wire:
    """In place of the one that runs."""
    with asked.editing() as edit:
        count_down(edit, asked.asker, seconds=body.seconds, title=body.title, now=datetime.now(UTC))
    _show(edit, asked)
    return told({"seconds": body.seconds})


def _show(edit: Edit, asked: CommunityRequest) -> None:
    """To pages that look now."""
    push_on(edit.pushed, lambda: asked.room.resources.invoke)
