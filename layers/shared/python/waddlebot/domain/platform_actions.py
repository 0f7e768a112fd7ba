"""What is done on a platform besides talking; each action knows its reverse."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from waddlebot.domain.entities import EntityId


class ActionKind(StrEnum):
    DELETE_MESSAGE = "delete_message"


REVERSE: dict[ActionKind, str] = {
    ActionKind.DELETE_MESSAGE: "The line is gone; its text stays in the record for the moderators.",
}


class PlatformAction(msgspec.Struct, frozen=True, kw_only=True, tag="platform_action"):
    """`id` is the execution id and a number, the same in every delivery."""

    id: str
    kind: ActionKind
    entity: EntityId
    message: str
    session_id: str = ""
    execution_id: str = ""
    reason: str = ""
