"""What the record is told of lines beside the lines themselves: whether and for whom they count."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from waddlebot.domain.chat_box import is_bot
from waddlebot.domain.entities import platform_of
from waddlebot.domain.events import Event, MessageType
from waddlebot.domain.outcomes import Outcome
from waddlebot.domain.string_rules import RuleAction
from waddlebot.domain.triggers import RuleTrigger

CHAT_LINES = frozenset(
    {
        MessageType.CHAT_MESSAGE,
        MessageType.SLASH_COMMAND,
        MessageType.APP_MENTION,
        MessageType.FILE_SHARE,
    }
)

_AGAINST = frozenset({RuleAction.WARN, RuleAction.BLOCK})

Row = dict[str, Any]


def is_line(event: Event) -> bool:
    return event.type in CHAT_LINES and bool(event.texts)


def unkept(outcomes: Iterable[Outcome]) -> Iterable[Row]:
    """People's lines of communities that keep none: they count as much, and leave no more."""
    for outcome in outcomes:
        session, event = outcome.session, outcome.session.event
        if session.community.keep_days or event.watched_only:  # as of most
            continue
        if session.person and is_line(event):
            yield {
                "event_id": event.id,
                "entity_id": session.spot.entity,
                "occurred_at": event.occurred_at,
                "community_id": session.community.id,
                "platform": platform_of(session.spot.entity),
                "user_id": session.person.id,
                "user_name": session.person.name,
            }


def watched(outcomes: Iterable[Outcome]) -> Iterable[Row]:
    """What is kept as a line and is none anew."""
    events = (outcome.session.event for outcome in outcomes)
    return ({"event_id": event.id} for event in events if event.watched_only)


def unwelcome(outcomes: Iterable[Outcome]) -> Iterable[Row]:
    """What a rule met, what others did not read, and what a bot says."""
    for outcome in outcomes:
        event = outcome.session.event
        if event.private or is_bot(event) or (outcome.verdicts and _is_against_rules(outcome)):
            yield {"event_id": event.id}


def _is_against_rules(outcome: Outcome) -> bool:
    triggers = (verdict.match.trigger for verdict in outcome.verdicts if verdict.allowed)
    return any(isinstance(one, RuleTrigger) and one.rule.action in _AGAINST for one in triggers)
