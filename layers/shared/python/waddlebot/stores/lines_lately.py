"""What people wrote lately in one place, as far as lines of chat are kept there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from waddlebot.domain.accounts import Account
from waddlebot.domain.custom_facts import SaidLately
from waddlebot.domain.entities import CommunityId, EntityId
from waddlebot.domain.sessions import MOST_KEEP_DAYS
from waddlebot.stores.postgres import Postgres

MOST_TEXT_CHARACTERS = 200
MOST_CHATTERS = 500
A_MOMENT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesLately:
    """Of one place of a community. Every method raises Unavailable."""

    postgres: Postgres
    community: CommunityId
    entity: EntityId

    def last_of(self, account: Account, *, before: datetime) -> SaidLately:
        """The newest line of this account before then; nothing where none is kept."""
        rows = self.postgres.read(
            """
            SELECT left(text, %(most)s) AS text, occurred_at FROM messages
            WHERE platform = %(platform)s AND user_id = %(user)s
                AND community_id = %(community)s AND entity_id = %(entity)s
                AND occurred_at < %(before)s AND occurred_on >= %(day)s
            ORDER BY occurred_at DESC LIMIT 1
            """,
            {
                "most": MOST_TEXT_CHARACTERS,
                "platform": account.platform,
                "user": account.user_id,
                "community": self.community,
                "entity": self.entity,
                "before": before,
                "day": (before - timedelta(days=MOST_KEEP_DAYS)).date(),
            },
        )
        return next((SaidLately(text=one["text"], at=one["occurred_at"]) for one in rows), _NOTHING)

    def chatters(self, *, now: datetime) -> tuple[str, ...]:
        """By name, each once, at most MOST_CHATTERS."""
        since = now - A_MOMENT
        rows = self.postgres.read(
            """
            SELECT max(user_name) AS name FROM messages
            WHERE community_id = %(community)s AND entity_id = %(entity)s
                AND occurred_at >= %(since)s AND occurred_on >= %(day)s
                AND user_id IS NOT NULL AND user_name <> ''
            GROUP BY platform, user_id ORDER BY name LIMIT %(most)s
            """,
            {
                "community": self.community,
                "entity": self.entity,
                "since": since,
                "day": since.date(),
                "most": MOST_CHATTERS,
            },
        )
        return tuple(one["name"] for one in rows)


_NOTHING = SaidLately()
