"""What a community counts towards in OBS.

No part of it: what was counted is no decision, and stands in no text.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from waddlebot.decisions.asking import Asker
from waddlebot.domain.errors import Because, Refusal
from waddlebot.domain.goals import COUNT, CommunityGoal, check_goal, read_counted
from waddlebot.domain.overlays import OverlaySource
from waddlebot.stores.goals import Goals
from waddlebot.stores.overlay_pushes import push
from waddlebot.stores.versions import Edit
from waddlebot_sdk.own_words import say_command
from waddlebot_sdk.roles import Role

_DEED = "What OBS shows"


def set_goal(
    edit: Edit,
    asker: Asker,
    *,
    what: str,
    target: int,
    title: str = "",
    now: datetime,
    call: str = "",
) -> CommunityGoal:
    """As it is kept, in place of the one before; what that has come to stays. Raises Refusal."""
    asker.check_everywhere(Role.MODERATOR, _DEED)
    wanted = read_counted(what).value
    edit.hold(asker.community)
    goals = Goals(edit, asker.community)
    goals.hold()
    before = goals.all().get(wanted)
    counted = before.count if before else 0
    goal = check_goal(CommunityGoal(what=wanted, target=target, title=title, count=counted))
    goals.put(goal, before=before)
    _show(edit, asker, now, call)
    return goal


def count_goal(
    edit: Edit, asker: Asker, *, what: str, count: int, now: datetime, call: str = ""
) -> CommunityGoal:
    """As it is kept, with what it has come to. Raises Refusal: there is none."""
    goals, before = _find(edit, asker, what)
    goal = check_goal(replace(before, count=count))
    goals.put(goal, before=before)
    _show(edit, asker, now, call)
    return goal


def remove_goal(
    edit: Edit, asker: Asker, *, what: str, now: datetime, call: str = ""
) -> CommunityGoal:
    """The one that is gone. Raises Refusal: there is none."""
    goals, goal = _find(edit, asker, what)
    goals.remove(goal)
    _show(edit, asker, now, call)
    return goal


def _find(edit: Edit, asker: Asker, what: str) -> tuple[Goals, CommunityGoal]:
    asker.check_everywhere(Role.MODERATOR, _DEED)
    wanted = read_counted(what)
    edit.hold(asker.community)
    goals = Goals(edit, asker.community)
    goals.hold()
    goal = goals.all().get(wanted.value)
    if goal is None:
        words = f"There is no goal for {wanted}. Set one: {say_command(f'goal set {wanted} 50')}"
        raise Refusal(words, Because.UNKNOWN, code="UNKNOWN_GOAL", field="what")
    return goals, goal


def _show(edit: Edit, asker: Asker, now: datetime, call: str) -> None:
    asked = call or f"api-{uuid.uuid4().hex}"
    push(edit, asker.community, OverlaySource.GENERAL, COUNT, call=asked, now=now)
