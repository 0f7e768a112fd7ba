"""Claims as the specification has them: how each stands, and of which place it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from waddlebot.domain.accounts import Account
from waddlebot.stores.postgres import Postgres


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimStatus:
    """`id` numbers it; `entity` is None where nothing was said there yet; of a shard, the first.

    `heartbeat_interval` is in seconds; `name` is a streamer's login, empty of what none connected.
    """

    id: int
    status: str
    entity: str | None
    heartbeat_interval: int | None
    created_at: datetime
    updated_at: datetime
    name: str


def claim_statuses(postgres: Postgres) -> Mapping[Account, ClaimStatus]:
    """By the channel as gateways name it. Raises Unavailable."""
    rows = postgres.write(
        """
        SELECT DISTINCT ON (id) id, platform, channel_id, status, entity_id, heartbeat_interval,
            created_at, updated_at, coalesce(name, '') AS name
        FROM specification.coordination
        LEFT JOIN connections ON (service, account, kind) = (platform, channel_id, 'channel')
        ORDER BY id, entity_id
        """
    )
    return {
        Account(row["platform"], row["channel_id"]): ClaimStatus(
            id=row["id"],
            status=row["status"],
            entity=row["entity_id"],
            heartbeat_interval=row["heartbeat_interval"],
            created_at=row["created_at"],
            updated_at=row["updated_at"],
            name=row["name"],
        )
        for row in rows
    }
