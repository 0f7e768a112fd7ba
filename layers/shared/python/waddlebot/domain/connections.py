"""A connection is leave to speak as somebody at a service, which people gave: whose it is, how it
stands, and its tokens, which are shown nowhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import CommunityId

BOT = "bot"
"""What speaks for the house: the kind that a connection is unless it says otherwise."""
ADMIN = "admin"
"""What is done in the name of an admin who lent it, beside the BOT of the same account."""
CHANNEL = "channel"
"""What a streamer lets the bot do in their channel; beside it the bot's own account has a BOT."""
APP = "app"
"""The account of what a service gives to our application itself."""

REPLACED = "replaced:"
"""Begins the kind of what another took the place of, which is given back and nothing else."""


class OwnerKind(StrEnum):
    HOUSE = "house"
    COMMUNITY = "community"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Owner:
    """`id` is empty of the house, a community's number, or the key of a person's account."""

    kind: OwnerKind
    id: str = ""

    @classmethod
    def of_community(cls, community: CommunityId) -> Owner:
        return cls(OwnerKind.COMMUNITY, str(community))

    @classmethod
    def of_person(cls, account: Account) -> Owner:
        return cls(OwnerKind.PERSON, account.key)


HOUSE = Owner(OwnerKind.HOUSE)


class ConnectionState(StrEnum):
    CONNECTED = "connected"
    LOST = "lost"
    """The service takes its tokens no more: its owner connects again."""
    DISCONNECTED = "disconnected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """`account` is the service's own id of what is spoken as: a Slack team, a Twitch user, `app`.

    `expires_at` is when its access ends unless it is renewed, None where it does not. `generation`
    grows with each new pair of tokens. `name` is for people, `why` says how it was lost, or ended
    by somebody else. `connected_by` is the key of whose account the service saw, empty where it
    says nobody.
    """

    service: str
    account: str
    owner: Owner
    kind: str = BOT
    scopes: frozenset[str] = frozenset()
    expires_at: datetime | None = None
    generation: int = 0
    state: ConnectionState = ConnectionState.CONNECTED
    name: str = ""
    why: str = ""
    connected_by: str = ""

    @property
    def is_connected(self) -> bool:
        return self.state is ConnectionState.CONNECTED

    @property
    def kind_replaced(self) -> str:
        """Of `replaced:channel:3`, the third that was, `channel`; its own kind of any other."""
        return self.kind.split(":")[1] if self.kind.startswith(REPLACED) else self.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """`refresh` is empty where a service gives none."""

    access: str = field(repr=False)
    refresh: str = field(default="", repr=False)


NO_TOKENS = Tokens(access="")
