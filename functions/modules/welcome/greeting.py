"""Somebody is new: whether they are welcomed, and where."""

from __future__ import annotations

from datetime import timedelta

from functions.modules.welcome.kept_welcome import Newcomer, Welcome
from functions.modules.welcome.store import Welcomes
from functions.modules.welcome.welcome_texts import said
from waddlebot.domain.first_lines import LATE_MINUTES
from waddlebot_sdk import Answer, Call, Chat, SayElsewhere

_LATE = timedelta(minutes=LATE_MINUTES)
_A_CALL = timedelta(seconds=5)
"""By its deadline a module knows what time it is, as far as a call may take."""


def wrote_first(call: Call, welcomes: Welcomes) -> Answer:
    return _greeted(call, welcomes) if welcomes.find(call.community.id).first_lines else None


def joined(call: Call, welcomes: Welcomes) -> Answer:
    if call.data.get("is_bot") or not welcomes.find(call.community.id).joins:
        return None
    return _greeted(call, welcomes)


def _greeted(call: Call, welcomes: Welcomes) -> Answer:
    """Nothing where nobody is told of, who was welcomed before, too many are new at once, or it is
    long ago.
    """
    now = max(call.occurred_at, call.deadline - _A_CALL)
    if call.user is None or now - call.occurred_at > _LATE:
        return None
    held = welcomes.hold(call.community.id)
    who = Newcomer(platform=call.entity.platform, id=call.user.id)
    return _said(call, held) if welcomes.greet(call.community.id, who, now) else None


def _said(call: Call, held: Welcome) -> Answer:
    assert call.user is not None  # noqa: S101 - somebody is greeted
    text = said(held, call, name=call.user.name)
    if held.place and held.place != call.entity.id:
        return SayElsewhere(text, place=held.place)
    return Chat(text, notifies=True)
