"""What somebody may end of what was connected."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from waddlebot.domain.accounts import Account
from waddlebot.domain.connections import REPLACED, Connection
from waddlebot.stores.connections import connection_in
from waddlebot.stores.postgres import Connection as Transaction


@dataclass(frozen=True, slots=True)
class Owned:
    """Somebody owns this account by its service's own word."""

    service: str
    account: str


def connections_within_reach(
    transaction: Transaction, account: Account, owned: Collection[Owned] = ()
) -> Sequence[Connection]:
    """Those that this person connected, with whichever of their accounts, those of communities
    where they were made an owner, and `owned`; by service and name."""
    rows = transaction.execute(
        """
        SELECT * FROM connections
        WHERE NOT kind ^@ %(replaced)s AND (connected_by IN (
            SELECT platform || ':' || user_id FROM accounts_of(%(platform)s, %(user)s)
        ) OR community_id IN (
            SELECT member.community_id FROM community_members AS member
            JOIN accounts_of(%(platform)s, %(user)s) USING (platform, user_id)
            WHERE member.entity_id = '' AND member.role = 'owner'
        ) OR (kind = 'bot' AND (service, account) IN (
            SELECT * FROM unnest(%(services)s::text[], %(accounts)s::text[])
        )))
        ORDER BY service, name, account, kind
        """,
        {
            "replaced": REPLACED,
            "platform": account.platform,
            "user": account.user_id,
            "services": [one.service for one in owned],
            "accounts": [one.account for one in owned],
        },
    )
    return [connection_in(row) for row in rows]
