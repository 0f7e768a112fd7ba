"""What a module is asked: one JSON object per call (version 1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from waddlebot_sdk.roles import Role
from waddlebot_sdk.wishes import May, read_may

CONTRACT_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """`id` is the platform's own; `role` is what this person may do in this community.

    `labels` are what the community calls this person, `badges` what the platform shows beside the
    name (`subscriber`, `vip` of Twitch); only modules of the house are told.
    """

    id: str
    name: str
    role: Role = Role.USER
    labels: frozenset[str] = frozenset()
    badges: frozenset[str] = frozenset()

    def to_wire(self) -> dict[str, Any]:
        """`{"id", "name", "role", "labels"?, "badges"?}`"""
        wire: dict[str, Any] = {"id": self.id, "name": self.name, "role": self.role.value}
        worn = {"labels": sorted(self.labels), "badges": sorted(self.badges)}
        return wire | {name: these for name, these in worn.items() if these}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where it was said: `id` is an entity id such as `twitch:channel:1001`."""

    id: str
    platform: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityInfo:
    """`time_zone` (IANA) and `language` (BCP 47) are those of its people."""

    id: int
    name: str
    time_zone: str = "UTC"
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One use of a command, or one event that a module listens to.

    `command` is the declared path (`memories add quote`), empty for events.
    `prefix` is what people type here before it; a sentence names a command by `say_command`, which
    knows what it is called here as well.
    `text` is what follows it, untouched; `arguments` are its words by name, bound by the command.
    `execution_id` is the same in every delivery of the same call: use it as idempotency key.
    `may` is what the module is granted here besides answering.
    `deadline` is when the answer is worthless. `later` is for modules of the house: how to come
    back to this person and place when something is due. `names` are for modules of the house too:
    see `in_words`. So is `web`, where the module's own addresses begin: see `address`.

    `data` is what came with an event (docs/events.md), `config` the community's settings of this
    module by their names.
    """

    execution_id: str
    session_id: str
    command: str = ""
    prefix: str = "!"
    text: str = ""
    event_type: str
    data: Mapping[str, Any] = field(default_factory=dict)
    user: User | None
    entity: Place
    community: CommunityInfo
    config: Mapping[str, Any] = field(default_factory=dict)
    may: frozenset[May] = frozenset()
    occurred_at: datetime
    deadline: datetime
    arguments: Mapping[str, str] = field(default_factory=dict)
    later: Mapping[str, Any] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    web: str = ""

    def address(self, path: str) -> str:
        """One of the module's `routes` as people and services reach it, to be said in chat:
        `https://bot.example.org/modules/songs/feed.xml` for `feed.xml`."""
        return f"{self.web}/{path}"

    def in_words(self, text: str) -> str:
        """A part of what was typed as it is to be kept: `@Max` for `<@301>`, `:kappa:` for its id.

        Whoever keeps an id, of a person, say, reads `arguments` as they are.
        """
        for mark, name in self.names.items():
            text = text.replace(mark, name)
        return text

    def to_wire(self) -> dict[str, Any]:
        """As JSON: `{"version", "execution_id", "command", "text", …}`, times in ISO 8601."""
        return {
            "version": CONTRACT_VERSION,
            "execution_id": self.execution_id,
            "session_id": self.session_id,
            "command": self.command,
            "prefix": self.prefix,
            "text": self.text,
            "event_type": self.event_type,
            "data": dict(self.data),
            "user": self.user and self.user.to_wire(),
            "entity": {"id": self.entity.id, "platform": self.entity.platform},
            "community": {
                "id": self.community.id,
                "name": self.community.name,
                "time_zone": self.community.time_zone,
                "language": self.community.language,
            },
            "config": dict(self.config),
            "may": sorted(self.may),
            "occurred_at": self.occurred_at.isoformat(),
            "deadline": self.deadline.isoformat(),
            **({"later": dict(self.later)} if self.later else {}),
            **({"names": dict(self.names)} if self.names else {}),
        }

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Call:
        """Raises KeyError, TypeError or ValueError where the object is not a call.

        `wire` is what `to_wire` made, perhaps of another release.
        """
        user = wire.get("user")
        return cls(
            execution_id=wire["execution_id"],
            session_id=wire["session_id"],
            command=wire.get("command") or "",
            prefix=wire.get("prefix") or "!",
            text=wire.get("text") or "",
            event_type=wire["event_type"],
            data=wire.get("data") or {},
            user=_user(user) if user else None,
            entity=Place(id=wire["entity"]["id"], platform=wire["entity"]["platform"]),
            community=_community(wire["community"]),
            config=wire.get("config") or {},
            may=read_may(wire.get("may") or ()),
            occurred_at=_moment(wire["occurred_at"]),
            deadline=_moment(wire["deadline"]),
            later=wire.get("later") or {},
            names=wire.get("names") or {},
        )


def _user(wire: Mapping[str, Any]) -> User:
    return User(
        id=wire["id"],
        name=wire["name"],
        role=Role(wire["role"]),
        labels=frozenset(wire.get("labels") or ()),
        badges=frozenset(wire.get("badges") or ()),
    )


def _community(wire: Mapping[str, Any]) -> CommunityInfo:
    return CommunityInfo(
        id=wire["id"],
        name=wire["name"],
        time_zone=wire.get("time_zone") or "UTC",
        language=wire.get("language") or "en",
    )


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
