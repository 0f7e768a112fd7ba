"""What is done on a platform besides talking; each action knows its reverse."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from waddlebot.domain.entities import EntityId


class ActionKind(StrEnum):
    DELETE_MESSAGE = "delete_message"
    TIMEOUT = "timeout"


REVERSE: dict[ActionKind, str] = {
    ActionKind.DELETE_MESSAGE: "The line is gone; its text stays in the record for the moderators.",
    ActionKind.TIMEOUT: "It ends by itself; a moderator can end it sooner.",
}


class PlatformAction(msgspec.Struct, frozen=True, kw_only=True, tag="platform_action"):
    """`id` is the execution id and a number, the same in every delivery.

    `message` is what is deleted; `user` is who may not write for `seconds`.
    """

    id: str
    kind: ActionKind
    entity: EntityId
    message: str = ""
    user: str = ""
    seconds: int = 0
    session_id: str = ""
    execution_id: str = ""
    reason: str = ""
