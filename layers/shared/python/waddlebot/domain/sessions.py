"""One event's trip through the router: who, where, and with which rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.domain.events import Event
from waddlebot.domain.limits import Limit
from waddlebot.domain.string_rules import StringRule
from waddlebot_sdk.roles import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """A community as the router needs it, at one version of its rows.

    `rules` stand in the order in which they are looked at.
    `settings` holds what the community set for modules: `{"memories": {"ticker": false}}`.
    `disabled` names modules and commands (`memories`, `!quote`) that are switched off.
    `limits` take the place of what modules declare.
    """

    id: CommunityId
    name: str
    version: str
    rules: tuple[StringRule, ...] = ()
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    disabled: frozenset[str] = frozenset()
    limits: tuple[Limit, ...] = ()
    moderators_channel: EntityId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """The place of an event. `quiet` is `!waddlebot off`; `greeted` is false at first contact."""

    entity: EntityId
    quiet: bool = False
    greeted: bool = True
    disabled: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """`role` is the higher of what the platform says and what the community gave."""

    id: str
    name: str
    role: Role
    labels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """`commands_version` names the command table that this event was matched with."""

    id: str
    event: Event
    community: Community
    spot: Spot
    person: Person | None
    commands_version: str
