"""Builders that state only what matters: `an_event("!quote 3")`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any

from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.domain.events import Channel, Event, MessageType, Speaker, WayBack
from waddlebot.domain.limits import Limit
from waddlebot.domain.matches import Match
from waddlebot.domain.sessions import Community, Person, Session, Spot
from waddlebot.domain.string_rules import MatchType, RuleAction, StringRule
from waddlebot.domain.triggers import (
    CommandTrigger,
    Destination,
    EventTrigger,
    RuleTrigger,
    Turn,
)
from waddlebot.domain.verdicts import Reason, Verdict
from waddlebot.stores.command_rows import CommandRow
from waddlebot_sdk.roles import Role

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
TWITCH = EntityId("twitch:channel:1001")
DISCORD = EntityId("discord:channel:9/77")
SLACK = EntityId("slack:channel:T1/C1")
COMMANDS_VERSION = "commands-1"

_numbers = count(1)


def a_speaker(name: str = "Ana", role: Role = Role.USER) -> Speaker:
    return Speaker(id=f"id-{name.lower()}", name=name, role=role)


def an_event(
    text: str = "",
    *,
    type: MessageType = MessageType.CHAT_MESSAGE,  # noqa: A002 - the field's name
    id: str | None = None,  # noqa: A002 - the field's name
    entity: EntityId = TWITCH,
    parent: EntityId | None = None,
    user: Speaker | None = a_speaker(),  # noqa: B008 - frozen
    way_back: WayBack | None = None,
    asked_until: datetime | None = None,
    occurred_at: datetime = NOON,
    private: bool = False,
    message: str | None = "m1",
    data: Mapping[str, Any] | None = None,
    shown: Sequence[str] = (),
    watched_only: bool = False,
) -> Event:
    return Event(
        id=id or f"twitch:event-{next(_numbers)}",
        type=type,
        entity=entity,
        parent=parent,
        user=user,
        text=text,
        data=dict(data or {}),
        message=message,
        occurred_at=occurred_at,
        way_back=way_back or Channel(message=message),
        asked_until=asked_until,
        private=private,
        shown=tuple(shown),
        watched_only=watched_only,
    )


def a_community(
    *,
    id: int = 1,  # noqa: A002 - the field's name
    name: str = "Penguins",
    version: str = "version-1",
    rules: Sequence[StringRule] = (),
    settings: Mapping[str, Mapping[str, Any]] | None = None,
    disabled: Sequence[str] = (),
    limits: Sequence[Limit] = (),
    moderators_channel: EntityId | None = None,
) -> Community:
    return Community(
        id=CommunityId(id),
        name=name,
        version=version,
        rules=tuple(sorted(rules, key=lambda rule: (rule.priority, rule.id))),
        settings=settings or {},
        disabled=frozenset(disabled),
        limits=tuple(limits),
        moderators_channel=moderators_channel,
    )


def a_session(
    text: str = "",
    *,
    event: Event | None = None,
    community: Community | None = None,
    spot: Spot | None = None,
    role: Role = Role.USER,
    labels: Sequence[str] = (),
    commands_version: str = COMMANDS_VERSION,
) -> Session:
    """A session of `event` (or of a chat line with this text); its person has this role."""
    event = event or an_event(text)
    speaker = event.user
    return Session(
        id=f"sess_{event.id}",
        event=event,
        community=community or a_community(),
        spot=spot or Spot(entity=event.entity),
        person=Person(
            id=speaker.id, name=speaker.name, role=role, everywhere=role, labels=frozenset(labels)
        )
        if speaker
        else None,
        commands_version=commands_version,
    )


def a_command(
    path: str = "quote",
    *,
    module: str = "memories",
    prefix: str = "!",
    canonical: str | None = None,
    usage: str | None = None,
    summary: str = "Show a quote.",
    example: str | None = None,
    destination: str = "lambda",
    **fields: Any,
) -> CommandTrigger:
    """`canonical` is the path whose id an alias shares."""
    return CommandTrigger(
        id=f"{prefix}{canonical or path}",
        module=module,
        destination=Destination(engine=destination, location=module, is_strangers=prefix == "#"),
        prefix=prefix,
        path=path,
        usage=usage or path,
        summary=summary,
        example=example or path,
        **fields,
    )


def a_row(trigger: CommandTrigger) -> CommandRow:
    """How it stands in the command table."""
    return CommandRow(
        command=trigger.path,
        prefix=trigger.prefix,
        canonical=trigger.id.removeprefix(trigger.prefix),
        module=trigger.module,
        module_summary=trigger.about_module,
        description=trigger.summary,
        usage=trigger.usage,
        example=trigger.example,
        location_url=trigger.module,
        location="internal",
        type="lambda",
        timeout=trigger.timeout_seconds,
        rate_limit=trigger.per_minute,
        cooldown_seconds=trigger.cooldown_seconds,
        role=trigger.role.value,
        private=trigger.private,
        secret=trigger.secret,
        trigger_type="command",
        event_types=[],
        turn=trigger.turn.value,
        priority=trigger.priority,
        execution_mode=trigger.execution_mode.value,
        may=sorted(trigger.may),
    )


def a_listener(
    event_type: str = "raid", *, module: str = "memories", **fields: Any
) -> EventTrigger:
    return EventTrigger(
        id=f"{module}:on:{event_type}",
        module=module,
        destination=fields.pop("destination", Destination(engine="lambda", location=module)),
        event_type=event_type,
        **fields,
    )


def a_rule(
    pattern: str = "free nitro",
    match_type: MatchType = MatchType.CONTAINS,
    action: RuleAction = RuleAction.BLOCK,
    *,
    id: int = 1,  # noqa: A002 - the field's name
    **fields: Any,
) -> StringRule:
    return StringRule(id=id, match_type=match_type, pattern=pattern, action=action, **fields)


def a_rule_trigger(rule: StringRule | None = None, **fields: Any) -> RuleTrigger:
    rule = rule or a_rule()
    return RuleTrigger(
        id=f"rule:{rule.id}",
        module="moderation",
        destination=Destination(engine="builtin", location="moderation"),
        turn=Turn.MODERATE,
        priority=rule.priority,
        rule=rule,
        **fields,
    )


def a_match(
    trigger: CommandTrigger | RuleTrigger | EventTrigger | None = None,
    *,
    session: Session | None = None,
    text: str = "",
    by: str = "",
) -> Match:
    trigger = trigger or a_command()
    return Match(session=session or a_session("!quote"), trigger=trigger, text=text, by=by)


def a_verdict(
    match: Match | None = None, reason: Reason = Reason.ALLOWED, **fields: Any
) -> Verdict:
    return Verdict(match=match or a_match(), reason=reason, **fields)
