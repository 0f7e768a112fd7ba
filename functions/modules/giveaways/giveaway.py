"""A giveaway, who was drawn in it, and what came of that."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from functions.modules.giveaways.people import read_later
from waddlebot.domain.accounts import Account
from waddlebot.domain.events import Later


class GiveawayStatus(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    DRAWN = "drawn"
    CANCELLED = "cancelled"


class DrawOutcome(StrEnum):
    """What came of being drawn. All below `CLAIMED` win nothing, and another is drawn."""

    WAITING = "has to claim"
    CLAIMED = "claimed"
    LATE = "did not claim in time"
    PASSED_OVER = "passed over by a moderator"
    EXCLUDED = "excluded after entries were closed"
    BANNED = "banned after entries were closed"
    LINKED = "an account of somebody who was drawn already"
    GONE = "had all data about them erased"


class LeftOut(StrEnum):
    """Why an entry is not in the list that is drawn from."""

    EXCLUDED = "excluded by a moderator"
    BANNED = "banned"
    LINKED = "another account of somebody in the list"


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveawayTerms:
    """What is said before it begins. `weights` are how often an entry counts, by label; the
    highest holds. Without `ends_at` a moderator draws.
    """

    prize: str
    winners: int = 1
    claim_seconds: int = 300
    weights: Mapping[str, int]
    without_moderators: bool = False
    ends_at: datetime | None = None

    def weight_of(self, labels: AbstractSet[str]) -> int:
        return max((count for name, count in self.weights.items() if name in labels), default=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Giveaway:
    """`seed` and `salt` are secret, the seed until `seed_told`, the salt for good: no log has them
    from its `repr`.
    """

    id: int
    community: int
    number: int
    status: GiveawayStatus
    terms: GiveawayTerms
    seed: str = field(repr=False)
    commitment: str
    seed_told: bool
    salt: bytes = field(repr=False)
    list_hash: str
    proof_token: str
    later: Later
    started_by_name: str

    def takes_entries(self, at: datetime) -> bool:
        ends = self.terms.ends_at
        return self.status is GiveawayStatus.OPEN and (ends is None or at < ends)

    @property
    def is_running(self) -> bool:
        return self.status in {GiveawayStatus.OPEN, GiveawayStatus.CLOSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveawayEntry:
    """All that tells of its person is None once that one was forgotten."""

    id: int
    entry: str
    weight: int
    left_out: str
    platform: str | None
    user_id: str | None
    name: str | None
    login: str | None
    way_back: Mapping[str, Any] | None

    @property
    def later(self) -> Later | None:
        """How to come back to its person; read when it is needed, of one among thousands."""
        return read_later(self.way_back) if self.way_back else None

    @property
    def account(self) -> Account | None:
        return Account(self.platform, self.user_id) if self.platform and self.user_id else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """The entry of `place` in the order of the draw, counted from 1."""

    place: int
    entry: GiveawayEntry
    outcome: DrawOutcome
    claim_until: datetime

    @property
    def holds(self) -> bool:
        """Whether its person won, or has to claim."""
        return self.outcome in {DrawOutcome.WAITING, DrawOutcome.CLAIMED}


def read_giveaway(row: Mapping[str, Any]) -> Giveaway:
    """Of a row of `giveaways`."""
    return Giveaway(
        id=row["id"],
        community=row["community_id"],
        number=row["number"],
        status=GiveawayStatus(row["status"]),
        terms=GiveawayTerms(
            prize=row["prize"],
            winners=row["winners"],
            claim_seconds=row["claim_seconds"],
            weights=row["weights"],
            without_moderators=row["without_moderators"],
            ends_at=row["ends_at"],
        ),
        seed=row["seed"],
        commitment=row["commitment"],
        seed_told=row["seed_told"],
        salt=bytes(row["salt"]),
        list_hash=row["list_hash"],
        proof_token=row["proof_token"],
        later=read_later(row["way_back"]),
        started_by_name=row["started_by_name"],
    )


def read_entry(row: Mapping[str, Any]) -> GiveawayEntry:
    """Of a row of `giveaway_entries`; the entry's id may stand in `entry_id`."""
    return GiveawayEntry(
        id=row.get("entry_id") or row["id"],
        entry=row["entry"],
        weight=row["weight"],
        left_out=row["left_out"],
        platform=row["platform"],
        user_id=row["user_id"],
        name=row["user_name"],
        login=row["login"],
        way_back=row["way_back"],
    )
