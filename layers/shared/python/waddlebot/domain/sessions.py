"""One event's trip through the router: who, where, and with which rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.domain.events import Event
from waddlebot.domain.giving import USUAL_GIVING
from waddlebot.domain.limits import Limit
from waddlebot.domain.own_words import OwnWords
from waddlebot.domain.string_rules import StringRule
from waddlebot_sdk.roles import Role
from waddlebot_sdk.wishes import May

MOST_KEEP_DAYS = 30
USUAL_KEEP_DAYS = 7


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
    `moderators_hinted`: whoever moderates was told how to name a channel for what concerns them.
    `helpers` are a few of those who have a role in every place, the highest first.
    `home` is the server or channel that it was founded for, as `home_of` names it.
    `installed` are the community functions that hear what happens here, each with what it was
    granted besides.
    `events_channel` is where answers to what happens to a whole server are said.
    `keep_days`: for so long its lines are kept, 0 for not at all.
    `offers`: where somebody mistypes a command, the nearest is offered.
    `moderator_group`: whoever is in it on their platform moderates there: its id, or `@handle`.
    `fetch`: which servers texts of custom commands may ask, as custom_fetching reads it.
    `giving`: so many points one person gives others in a day, 0 for none.
    `decay`: so many percent of points fade each week.
    `time_zone` (IANA) and `language` (BCP 47) are those of its people.
    `lent` are servers where an admin lets the bot delete in their name.
    `streams`: what is played on each of its channels, None off air; of those that somebody asks
    about, and where a command of its own answers by it.
    `own`: what its parts (`waddlebot/decisions/parts`) read besides, by the part's name.
    """

    id: CommunityId
    name: str
    version: str
    rules: tuple[StringRule, ...] = ()
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    disabled: frozenset[str] = frozenset()
    limits: tuple[Limit, ...] = ()
    moderators_channel: EntityId | None = None
    events_channel: EntityId | None = None
    moderators_hinted: bool = False
    needed: Mapping[str, Role] = field(default_factory=dict)
    helpers: tuple[Helper, ...] = ()
    home: str | None = None
    words: OwnWords = field(default_factory=OwnWords)
    keep_days: int = USUAL_KEEP_DAYS
    time_zone: str = "UTC"
    language: str = "en"
    offers: bool = True
    moderator_group: str = ""
    fetch: str = ""
    giving: int = USUAL_GIVING
    decay: int = 0
    installed: Mapping[str, frozenset[May]] = field(default_factory=dict)
    lent: frozenset[str] = frozenset()
    streams: Mapping[EntityId, str | None] = field(default_factory=dict)
    own: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """The place of an event. `quiet` is `!waddlebot off`; `greeted` is false at first contact.

    A server is greeted once, in whichever of its places somebody speaks first.
    """

    entity: EntityId
    quiet: bool = False
    greeted: bool = True
    disabled: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """`role` is the highest of what the platform says of this place and what was given.

    `everywhere` is what the person may decide for the whole community: what was given for all of
    it and, in the home that it was founded for, what the platform says.
    `is_known` is false while a platform whose events carry ids alone has not said who this is.
    """

    id: str
    name: str
    role: Role
    everywhere: Role = Role.USER
    labels: frozenset[str] = frozenset()
    is_known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """What a line means that begins with an alias or a custom command: commands as they are
    declared, in their order.

    Several are a chain: what follows a step that comes to nothing is left out. `by` is the alias,
    as it is recorded.
    """

    lines: tuple[str, ...]
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """`commands_version` names the command table that this event was matched with.

    `spot` is the place that has the settings: of a thread, its channel.
    `meant` is what an alias that was typed stands for; the event stays as it was written.
    """

    id: str
    event: Event
    community: Community
    spot: Spot
    person: Person | None
    commands_version: str
    meant: Expansion | None = None

    @property
    def here(self) -> EntityId:
        """Where it happened and is answered: the thread itself, else the place by its own id."""
        return self.event.entity if self.event.parent else self.spot.entity
