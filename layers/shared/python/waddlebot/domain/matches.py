"""It fires: a trigger met an event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from waddlebot.domain.standings import Standing

if TYPE_CHECKING:  # rooms that look at matches alone pay for no more of the words
    from waddlebot.domain.sessions import Session
    from waddlebot.domain.triggers import Trigger

__all__ = ["Match", "Standing"]


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
