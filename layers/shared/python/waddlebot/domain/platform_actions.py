"""What is done on a platform besides talking; what can be undone knows how."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

import msgspec

from waddlebot.domain.entities import EntityId


class ActionKind(StrEnum):
    DELETE_MESSAGE = "delete_message"
    TIMEOUT = "timeout"
    END_TIMEOUT = "end_timeout"
    BAN = "ban"
    UNBAN = "unban"
    KICK = "kick"
    REACT = "react"
    END_REACTION = "end_reaction"
    ANNOUNCE = "announce"
    SHOUT_OUT = "shout_out"
    SET_TITLE = "set_title"
    SET_GAME = "set_game"


REVERSE: Mapping[ActionKind, ActionKind] = MappingProxyType(
    {
        ActionKind.TIMEOUT: ActionKind.END_TIMEOUT,
        ActionKind.BAN: ActionKind.UNBAN,
        ActionKind.REACT: ActionKind.END_REACTION,
    }
)
"""Who was kicked may come back; a line that was deleted stays in the record, and what was said
was said."""
SAID = frozenset({ActionKind.ANNOUNCE, ActionKind.SHOUT_OUT})
"""Seen twice where they are done twice; the others come to the same."""


class PlatformAction(msgspec.Struct, frozen=True, kw_only=True, tag="platform_action"):
    """`id` is the execution id and a letter, the same in every delivery.

    `message` is what is deleted, or gets the emoji in `text`; `user` whom it is about, by id, or on
    Twitch as `@login`; `seconds` how long; `text` also what is announced, or how
    a stream is titled, or what is played on it. `asked_by` is the
    moderator who is told where the platform refuses; whoever moderates there is left alone then.
    `then` is said to everybody in that place when it is done, and not before.
    """

    id: str
    kind: ActionKind
    entity: EntityId
    message: str = ""
    user: str = ""
    seconds: int = 0
    text: str = ""
    session_id: str = ""
    execution_id: str = ""
    reason: str = ""
    asked_by: str = ""
    asked_by_name: str = ""
    then: str = ""
