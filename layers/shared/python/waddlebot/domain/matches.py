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
    """`text` is what follows the command; `by` is the rule or the alias that ran it, if one did.

    A trigger meets an event once, and in a chain once a `step`: what comes behind the first (0) is
    run if what stands before it did not come to nothing.
    """

    session: Session
    trigger: Trigger
    text: str = ""
    by: str = ""
    step: int = 0
    standing: Standing = Standing.OURS

    @property
    def is_typed(self) -> bool:
        """Whether who wrote the line typed it, or an alias of it: a rule runs commands unasked."""
        meant = self.session.meant
        return not self.by or (meant is not None and meant.by == self.by)
