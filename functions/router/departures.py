"""Who was sent away from a community, left it, or may not speak there for a while."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from waddlebot.domain.entities import is_whole_server, platform_of
from waddlebot.domain.events import Event, MessageType
from waddlebot.domain.outcomes import Outcome
from waddlebot.domain.platform_actions import ActionKind
from waddlebot.stores.memberships import DEPARTING

_SENDS_AWAY = {
    ActionKind.TIMEOUT: MessageType.TIMEOUT,
    ActionKind.BAN: MessageType.BAN,
    ActionKind.KICK: MessageType.KICK,
}

Row = dict[str, Any]


def departures(outcomes: Sequence[Outcome]) -> Iterable[Row]:
    """Who was sent away, left, or may not speak for a while: however long lines are kept here."""
    for outcome in outcomes:
        session, event = outcome.session, outcome.session.event
        if session.person is None or not _departs(event):
            continue
        seconds = event.data.get("duration_s") if event.type is MessageType.TIMEOUT else None
        yield {
            "community_id": session.community.id,
            "platform": platform_of(session.spot.entity),
            "user_id": session.person.id,
            "type": event.type.value,
            "departed_at": event.occurred_at,
            "until": _after(event.occurred_at, seconds),
        }
    yield from _sent_away(outcomes)


def _sent_away(outcomes: Iterable[Outcome]) -> Iterable[Row]:
    """Whom we were asked to: not every platform tells us of what we did ourselves.

    Whom it would not send away is seen there again. A login is kept as whoever was seen under it.
    """
    for outcome in outcomes:
        session, now = outcome.session, outcome.session.event.occurred_at
        for action in outcome.platform_actions:
            if action.kind in _SENDS_AWAY and action.user:
                yield {
                    "community_id": session.community.id,
                    "platform": platform_of(action.entity),
                    "user_id": action.user,
                    "type": _SENDS_AWAY[action.kind].value,
                    "departed_at": now,
                    "until": _after(now, action.seconds) if action.seconds else None,
                }


def _departs(event: Event) -> bool:
    """Who leaves a channel, or a chat that they read, has not left its server."""
    if event.type is MessageType.MEMBER_LEAVE:
        return is_whole_server(event.entity)
    return event.type in DEPARTING and not event.watched_only


def _after(moment: datetime, seconds: object) -> datetime | None:
    """None is until they are seen again."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return moment + timedelta(seconds=seconds)
    except (OverflowError, ValueError):
        return None
