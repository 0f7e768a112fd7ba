"""All that came of one event: what is said, done and shown, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.domain.events import Channel, WayBack
from waddlebot.domain.matches import Standing
from waddlebot.domain.platform_actions import PlatformAction
from waddlebot_sdk.listings import Listing

if TYPE_CHECKING:  # ingress reads replies, and pays for no more of the words
    from waddlebot.domain.executions import Execution
    from waddlebot.domain.sessions import Session
    from waddlebot.domain.verdicts import Verdict


class Reply(msgspec.Struct, frozen=True, kw_only=True, tag="reply"):
    """What leaves for chat: one message within the platform's length, mentions not yet disarmed.

    `id` is the execution id and a number. `private` is for `user` alone where the platform can.
    `secret` is for `user` alone or for nobody: where the platform refuses the private way, people
    read where to look instead. `notifies`: `user` is called, and nobody else, by `user_login` where
    people are called by their logins. `parent` is the channel of the thread that `entity` is.
    `for_moderators`: where a place takes it not, it goes to the next of `instead`, and where none
    does to the operator. `about` is whose words it holds, as `platform:id`.
    `listing` stands for `text` where the platform dresses lists.
    """

    id: str
    session_id: str
    execution_id: str
    entity: EntityId
    text: str
    way_back: WayBack
    user: str | None = None
    user_name: str = ""
    private: bool = False
    secret: bool = False
    for_moderators: bool = False
    instead: tuple[EntityId, ...] = ()
    about: str = ""
    parent: EntityId | None = None
    user_login: str = ""
    notifies: bool = False
    listing: Listing | None = None

    @property
    def is_awaited(self) -> bool:
        """Somebody waits for it wherever it comes, as after a slash command."""
        return bool(self.user) and (self.notifies or not isinstance(self.way_back, Channel))


Outgoing = PlatformAction | Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayPush:
    """`content` is the response as the spec words it; its number comes with the record."""

    community: CommunityId
    execution_id: str
    source: str
    content: dict[str, Any]


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
