"""All that came of one event: what is said, done and shown, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from waddlebot.domain.entities import CommunityId
from waddlebot.domain.platform_actions import PlatformAction
from waddlebot.domain.replies import Reply
from waddlebot.domain.standings import Standing

if TYPE_CHECKING:
    from waddlebot.domain.executions import Execution
    from waddlebot.domain.sessions import Session
    from waddlebot.domain.verdicts import Verdict


__all__ = ["Outcome", "Outgoing", "OverlayPush", "Reply"]

Outgoing = PlatformAction | Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayPush:
    """`content` is the response as the spec words it; its number comes with the record.

    `counts_for` is what it counts towards, if the community has such a goal, and `counts` how much.
    """

    community: CommunityId
    execution_id: str
    source: str
    content: dict[str, Any]
    counts_for: str = ""
    counts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`standing` BUSY: somebody else is at it, try again later; nothing of it is ours.

    `passed_on`: a slow call is under way, its answer follows by itself.
    """

    session: Session
    verdicts: tuple[Verdict, ...] = ()
    executions: tuple[Execution, ...] = ()
    replies: tuple[Reply, ...] = ()
    platform_actions: tuple[PlatformAction, ...] = ()
    overlay_pushes: tuple[OverlayPush, ...] = ()
    standing: Standing = Standing.OURS
    passed_on: bool = False
