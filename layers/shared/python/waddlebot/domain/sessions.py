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
class Helper:
    """Somebody who was given a role, and by which name people know them on which platform."""

    name: str
    platform: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """A community as the router needs it, at one version of its rows.

    `rules` stand in the order in which they are looked at.
    `settings` holds what the community set for modules: `{"memories": {"ticker": false}}`.
    `disabled` names modules and commands (`memories`, `!quote`) that are switched off.
    `limits` take the place of what modules declare, and `needed` (by command id) of who may.
    `helpers` are a few of those who have a role in every place, the highest first.
    `is_one_home`: all its places are one server or channel.
    """

    id: CommunityId
    name: str
    version: str
    rules: tuple[StringRule, ...] = ()
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    disabled: frozenset[str] = frozenset()
    limits: tuple[Limit, ...] = ()
    moderators_channel: EntityId | None = None
    needed: Mapping[str, Role] = field(default_factory=dict)
    helpers: tuple[Helper, ...] = ()
    is_one_home: bool = True

    def needs(self, command: str, declared: Role) -> Role:
        """Who may use a command here, which its module declares to be for `declared`."""
        return self.needed.get(command, declared)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """The place of an event. `quiet` is `!waddlebot off`; `greeted` is false at first contact."""

    entity: EntityId
    quiet: bool = False
    greeted: bool = True
    disabled: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """`role` is the highest of what the platform says of this place and what was given.

    `everywhere` is what the person may decide for the whole community: what was given for all of
    it and, where all of it is one server or channel, what the platform says.
    """

    id: str
    name: str
    role: Role
    everywhere: Role = Role.USER
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
