"""What a module is told of a match: the call of the public contract."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from functions.router.wishes import granted
from waddlebot.domain.entities import platform_of
from waddlebot.domain.events import Channel, Later, ResponseUrl, Speaker
from waddlebot.domain.line_looks import decode_looks
from waddlebot.domain.matches import Match
from waddlebot.domain.sessions import Person, Session
from waddlebot.domain.triggers import (
    STRING_RULE,
    CommandTrigger,
    ComponentTrigger,
    EventTrigger,
    RuleTrigger,
)
from waddlebot_sdk.calls import Call, CommunityInfo, Place, User


def build_call(
    match: Match, execution: str, *, deadline: datetime, names: Mapping[str, str] | None = None
) -> Call:
    """What the module is told of this match."""
    session, trigger = match.session, match.trigger
    event, person = session.event, session.person
    prefix = trigger.prefix if isinstance(trigger, CommandTrigger) else ""
    return Call(
        execution_id=execution,
        session_id=session.id,
        command=trigger.id.removeprefix(prefix) if prefix else "",
        prefix=_typed_prefix(match, prefix),
        text=match.text,
        event_type=_event_type(match),
        data=_data(match),
        user=_user(person, match) if person else None,
        entity=Place(id=session.spot.entity, platform=platform_of(session.spot.entity)),
        community=CommunityInfo(
            id=session.community.id,
            name=session.community.name,
            time_zone=session.community.time_zone,
            language=session.community.language,
        ),
        config=session.community.settings.get(trigger.module, {}),
        may=granted(trigger, session.community),
        occurred_at=event.occurred_at,
        deadline=deadline,
        names=names or {},
        later={} if trigger.destination.is_strangers else _later(session),
    )


def _user(person: Person, match: Match) -> User:
    if match.trigger.destination.is_strangers:
        return User(id=person.id, name=person.name, role=person.role)
    badges = frozenset(decode_looks(match.session.event.looks).badges)
    return User(
        id=person.id, name=person.name, role=person.role, labels=person.labels, badges=badges
    )


def _data(match: Match) -> Mapping[str, Any]:
    trigger = match.trigger
    if isinstance(trigger, RuleTrigger):
        return {"rule": trigger.rule.id}
    return trigger.data if isinstance(trigger, ComponentTrigger) else match.session.event.data


def _later(session: Session) -> dict[str, Any]:
    """By the name that is known here: events of some platforms carry ids alone."""
    event, person = session.event, session.person
    thread = event.way_back.thread if isinstance(event.way_back, Channel | ResponseUrl) else None
    login = event.user.login if event.user else ""
    later = Later(
        entity=session.here,
        parent=event.place if event.parent else None,
        thread=thread,
        private=event.private,
        user=Speaker(id=person.id, name=person.name, login=login) if person else None,
    )
    told: dict[str, Any] = msgspec.to_builtins(later)
    return told


def _typed_prefix(match: Match, declared: str) -> str:
    """What people type here before the commands of this module."""
    return declared if declared == "#" else match.session.community.words.prefix


def _event_type(match: Match) -> str:
    if isinstance(match.trigger, EventTrigger):
        return match.trigger.event_type
    return STRING_RULE if isinstance(match.trigger, RuleTrigger) else match.session.event.type
