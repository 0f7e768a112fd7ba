"""A timer's time has come: whether it is said, and when it is next."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from functions.modules.timers.kept_timers import Timer, TimerTurn
from functions.modules.timers.said_texts import said
from functions.modules.timers.store import Timers
from waddlebot.domain.entities import EntityId
from waddlebot_sdk import Answer, Call, Chat

_A_CALL = timedelta(seconds=5)
"""By its deadline a module knows what time it is, as far as a call may take."""


def plan_from_now(call: Call, timers: Timers, timer: Timer, entity: EntityId) -> None:
    """As if it had just been said there; the line that asks for it is none of others."""
    lines = timers.heard(entity).lines + (entity == call.entity.id)
    _plan(call, timers, timer, entity, lines=lines, now=call.occurred_at)


def said_now(call: Call, timers: Timers) -> Answer:
    """Nothing where too few have written since, nobody streams, or a timer was the last to speak;
    it waits on for that."""
    entity = EntityId(call.entity.id)
    turn = timers.take(call.community.id, int(call.data["timer"]), entity, int(call.data["run"]))
    if turn is None:
        timers.drop(entity, call.data)
        return None
    heard, now = timers.heard(entity), max(call.occurred_at, call.deadline - _A_CALL)
    if turn.timer.rhythm.live_only and not timers.is_live(call.community.id):
        _plan(call, timers, turn.timer, entity, lines=heard.lines, now=now)
        return None
    is_alone = heard.last_at is None or heard.last_at <= timers.last_said_at(entity)
    if is_alone or heard.lines < turn.after_lines:
        lines = max(heard.lines + 1 if is_alone else 0, turn.after_lines)
        at = call.occurred_at  # who waited longest stays first
        timers.plan(call.community.id, turn.timer, entity, at=at, after_lines=lines)
        return None
    timers.note_said(entity, call.occurred_at)
    _plan(call, timers, turn.timer, entity, lines=heard.lines, now=now, is_said=True)
    return Chat(_text(turn, call))


def _text(turn: TimerTurn, call: Call) -> str:
    return said(turn.text, call, name=turn.timer.name)


def _plan(
    call: Call,
    timers: Timers,
    timer: Timer,
    entity: EntityId,
    *,
    lines: int,
    now: datetime,
    is_said: bool = False,
) -> None:
    # The same one, however often the call is delivered.
    chance = Random(f"{call.execution_id} {timer.id}").random()  # noqa: S311
    timers.plan(
        call.community.id,
        timer,
        entity,
        at=timer.rhythm.next_after(now, call.community.time_zone, chance=chance),
        after_lines=lines + timer.rhythm.after_lines,
        is_said=is_said,
    )
