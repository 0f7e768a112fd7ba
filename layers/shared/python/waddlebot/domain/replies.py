"""What leaves for chat; by itself, as ingress reads it and no more of the words."""

from __future__ import annotations

import msgspec

from waddlebot.domain.entities import EntityId
from waddlebot.domain.events import Channel, WayBack
from waddlebot.domain.offers import Offering
from waddlebot_sdk.listings import Listing


class Reply(msgspec.Struct, frozen=True, kw_only=True, tag="reply"):
    """What leaves for chat: one message within the platform's length, mentions not yet disarmed.

    `id` is the execution id and a number. `private` is for `user` alone where the platform can.
    `secret` is for `user` alone or for nobody: where the platform refuses the private way, people
    read `otherwise`, or where to look instead. `notifies`: `user` is called, and nobody else, by
    `user_login` where people are called by their logins. `parent` is the channel of the thread that
    `entity` is.
    `for_moderators`: where a place takes it not, it goes to the next of `instead`, and where none
    does to the operator. `about` is whose words it holds, as `platform:id`.
    `listing` stands for `text` where the platform dresses lists; `offer` stands below it.
    `in_place`: it answers a press, and stands in place of what was pressed where that can be.
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
    otherwise: str = ""
    for_moderators: bool = False
    instead: tuple[EntityId, ...] = ()
    about: str = ""
    parent: EntityId | None = None
    user_login: str = ""
    notifies: bool = False
    listing: Listing | None = None
    offer: Offering | None = None
    in_place: bool = False

    @property
    def is_awaited(self) -> bool:
        """Somebody waits for it wherever it comes, as after a slash command."""
        return bool(self.user) and (self.notifies or not isinstance(self.way_back, Channel))
