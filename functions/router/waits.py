"""What shows at a line that its answer takes longer."""

from __future__ import annotations

from collections.abc import Iterator

from waddlebot.domain.events import Channel
from waddlebot.domain.executions import Execution, Status
from waddlebot.domain.platform_actions import REVERSE, ActionKind, PlatformAction
from waddlebot.domain.sessions import Session
from waddlebot.domain.triggers import CommandTrigger

HOURGLASS = "⏳"


def waits(session: Session, execution: Execution, *, is_late: bool) -> Iterator[PlatformAction]:
    """An hourglass at a line whose answer takes longer, until it is there.

    `is_late`: whoever wrote it has seen it meanwhile.
    """
    way_back = session.event.way_back
    is_pending = execution.status is Status.PENDING
    is_command = isinstance(execution.verdict.match.trigger, CommandTrigger)
    line = way_back.message if isinstance(way_back, Channel) else None
    if line and is_command and not session.event.is_asked and (is_pending or is_late):
        name = f"{execution.id}{'w' if is_pending else 'x'}"
        yield PlatformAction(
            id=name,
            kind=ActionKind.REACT if is_pending else REVERSE[ActionKind.REACT],
            entity=session.here,
            message=line,
            text=HOURGLASS,
            session_id=session.id,
            # What leaves for one execution leaves in one wave: these are no part of its answer.
            execution_id=name,
        )
