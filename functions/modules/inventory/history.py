"""What happened to items: it is only added to, and outlives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, LiteralString

from functions.modules.inventory.items import Activity, ItemAction, StockItem
from functions.modules.inventory.people import Borrower
from waddlebot.stores.postgres import Connection, Jsonb

_ACTIVITY = "SELECT * FROM inventory_activity "


class History:
    """The table `inventory_activity`; works in the transaction of its connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(
        self,
        community: int,
        item: StockItem,
        action: ItemAction,
        *,
        by: Borrower,
        at: datetime,
        holder: Borrower | None = None,
        details: Mapping[str, object] | None = None,
    ) -> None:
        """`details` are what JSON can say; what is empty is left out."""
        self._connection.execute(
            """
            INSERT INTO inventory_activity (community_id, item_id, item_name, action, platform,
                performed_by, performed_by_name, holder_platform, holder, holder_name, details,
                created_at)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
            """,
            (
                community,
                item.id,
                item.name,
                action.value,
                by.platform,
                by.id,
                by.name,
                holder.platform if holder else "",
                holder.key if holder else "",
                holder.name if holder else "",
                Jsonb({name: value for name, value in (details or {}).items() if value}),
                at,
            ),
        )

    def of_item(self, item: StockItem, *, limit: int) -> list[Activity]:
        """The newest first."""
        return self._list("WHERE item_id = %s ORDER BY id DESC LIMIT %s", item.id, limit)

    def of_name(self, community: int, name: str, *, limit: int) -> list[Activity]:
        """Of all that were ever called so."""
        return self._list(
            """
            WHERE community_id = %s AND lower(item_name) = lower(%s) ORDER BY id DESC LIMIT %s
            """,
            community,
            name,
            limit,
        )

    def newest(self, community: int, *, limit: int) -> list[Activity]:
        return self._list("WHERE community_id = %s ORDER BY id DESC LIMIT %s", community, limit)

    def logins_of(self, community: int, platform: str, user_id: str) -> list[str]:
        """As the tables keep whom they know by login alone: all that this person was called."""
        rows = self._connection.execute(
            """
            SELECT performed_by_name AS name FROM inventory_activity
            WHERE community_id = %(community)s AND platform = %(platform)s
              AND performed_by = %(user)s
            UNION
            SELECT holder_name FROM inventory_activity
            WHERE community_id = %(community)s AND holder_platform = %(platform)s
              AND holder = %(user)s
            """,
            {"community": community, "platform": platform, "user": user_id},
        ).fetchall()
        return [Borrower(platform=platform, id="", name=row["name"]).login for row in rows]

    def list_of(self, community: int, platform: str, keys: Sequence[str]) -> list[Activity]:
        """What this person did, and what they had; the oldest first."""
        return self._list(
            """
            WHERE community_id = %(community)s
              AND ((platform = %(platform)s AND performed_by = ANY(%(keys)s))
                   OR (holder_platform = %(platform)s AND holder = ANY(%(keys)s)))
            ORDER BY id
            """,
            community=community,
            platform=platform,
            keys=list(keys),
        )

    def forget(self, community: int, platform: str, keys: Sequence[str]) -> int:
        """What happened stays, without this person. How many rows said whom they were about."""
        values = {"community": community, "platform": platform, "keys": list(keys)}
        did = self._connection.execute(
            """
            UPDATE inventory_activity SET performed_by = '', performed_by_name = ''
            WHERE community_id = %(community)s AND platform = %(platform)s
              AND performed_by = ANY(%(keys)s)
            """,
            values,
        )
        had = self._connection.execute(
            """
            UPDATE inventory_activity SET holder = '?', holder_name = ''
            WHERE community_id = %(community)s AND holder_platform = %(platform)s
              AND holder = ANY(%(keys)s)
            """,
            values,
        )
        return did.rowcount + had.rowcount

    def _list(self, where: LiteralString, *values: object, **named: object) -> list[Activity]:
        rows = self._connection.execute(_ACTIVITY + where, named or values).fetchall()
        return [_activity(row) for row in rows]


def _activity(row: Mapping[str, Any]) -> Activity:
    holder = Borrower(platform=row["holder_platform"], id=row["holder"], name=row["holder_name"])
    by = Borrower(platform=row["platform"], id=row["performed_by"], name=row["performed_by_name"])
    return Activity(
        item_name=row["item_name"],
        action=row["action"],
        by=by,
        holder=holder if row["holder"] else None,
        at=row["created_at"],
        details=row["details"],
    )
