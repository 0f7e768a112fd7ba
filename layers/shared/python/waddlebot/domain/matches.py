"""It fires: a trigger met an event."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # ingress reads standings, and pays for no more of the words
    from waddlebot.domain.sessions import Session
    from waddlebot.domain.triggers import Trigger


class Standing(StrEnum):
    """Whose event it is, said by the receipt (docs/delivery.md).

    SPENT: taken five times and never finished; it is a dead letter.
    """

    OURS = "ours"
    BUSY = "busy"
    DONE = "done"
    SPENT = "spent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """`text` is what follows the command; `by` is the rule that ran it, where one did.

    A trigger meets an event once.
    """

    session: Session
    trigger: Trigger
    text: str = ""
    by: str = ""
    standing: Standing = Standing.OURS
