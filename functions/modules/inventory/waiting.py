"""Who is in line for an item, and for whom it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

import msgspec

from functions.modules.inventory.items import StockItem
from functions.modules.inventory.people import Borrower
from waddlebot.domain.events import Later
from waddlebot.stores.due import Due
from waddlebot.stores.postgres import Connection, Jsonb

MODULE_NAME = "inventory"
_LINE = """
    SELECT inventory_waiting.*, item_name
    FROM inventory_waiting JOIN inventory_items ON inventory_items.id = item_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiter:
    """`kept_until` is None while there is nothing to be kept."""

    id: int
    item_id: int
    item_name: str
    quantity: int
    borrower: Borrower
    later: Later
    kept_until: datetime | None
    due_id: int | None

    def holds(self, at: datetime) -> bool:
        return self.kept_until is not None and at < self.kept_until


class WaitingLine:
    """The table `inventory_waiting`; works in the transaction of its connection, with the item's
    row locked before."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._due = Due(connection)

    def join(
        self,
        community: int,
        item: StockItem,
        quantity: int,
        *,
        who: Borrower,
        later: Later,
        at: datetime,
    ) -> bool:
        """At the end of the line. False where this person is in it already."""
        return (
            self._connection.execute(
                """
                INSERT INTO inventory_waiting (community_id, item_id, quantity, platform, holder,
                                               holder_name, later, waits_since)
                VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
                ON CONFLICT (item_id, platform, holder) DO NOTHING
                """,
                (
                    community,
                    item.id,
                    quantity,
                    who.platform,
                    who.key,
                    who.name,
                    Jsonb(msgspec.to_builtins(later)),
                    at,
                ),
            ).rowcount
            == 1
        )

    def of_item(self, item: StockItem) -> list[Waiter]:
        """The first in line first."""
        return self._list("WHERE item_id = %s ORDER BY inventory_waiting.id", item.id)

    def of_person(self, community: int, accounts: Sequence[str]) -> list[Waiter]:
        return self._list(
            """
            WHERE inventory_waiting.community_id = %s
              AND inventory_waiting.platform || ':' || holder = ANY(%s)
            ORDER BY inventory_waiting.id
            """,
            community,
            list(accounts),
        )

    def keep(
        self,
        community: int,
        waiter: Waiter,
        quantity: int,
        *,
        at: datetime,
        until: datetime,
        is_told: bool,
    ) -> None:
        """So many; told in the place where this person asked for it, unless that `is_told` there
        already; over at `until`, both by rows that are written with this."""
        if not is_told:
            self._plan(community, waiter, what="kept", at=at)
        due = self._plan(community, waiter, what="kept no more", at=until)
        self._connection.execute(
            """
            UPDATE inventory_waiting SET quantity = %s, kept_until = %s, due_id = %s WHERE id = %s
            """,
            (quantity, until, due, waiter.id),
        )

    def find(self, community: int, waiter: int) -> Waiter | None:
        where = "WHERE inventory_waiting.community_id = %s AND inventory_waiting.id = %s"
        found = self._list(where, community, waiter)
        return found[0] if found else None

    def leave(self, community: int, waiter: Waiter) -> bool:
        """False where this person is no longer in line."""
        statement = "DELETE FROM inventory_waiting WHERE id = %s"
        gone = self._connection.execute(statement, (waiter.id,)).rowcount == 1
        if gone and waiter.due_id is not None:
            self._due.cancel(waiter.due_id, MODULE_NAME, community)
        return gone

    def tell_gone(self, community: int, waiter: Waiter, *, at: datetime) -> None:
        """The thing is deleted; what is told names it, as nothing else will."""
        data = {"what": "gone", "item": waiter.item_name}
        self._due.plan(
            community_id=community, later=waiter.later, module=MODULE_NAME, at=at, data=data
        )

    def _plan(self, community: int, waiter: Waiter, *, what: str, at: datetime) -> int:
        return self._due.plan(
            community_id=community,
            later=waiter.later,
            module=MODULE_NAME,
            at=at,
            data={"what": what, "waiter": waiter.id},
        )

    def _list(self, where: LiteralString, *values: object) -> list[Waiter]:
        return [_waiter(row) for row in self._connection.execute(_LINE + where, values).fetchall()]


def _waiter(row: Mapping[str, Any]) -> Waiter:
    return Waiter(
        id=row["id"],
        item_id=row["item_id"],
        item_name=row["item_name"],
        quantity=row["quantity"],
        borrower=Borrower.kept(row),
        later=msgspec.convert(row["later"], Later),
        kept_until=row["kept_until"],
        due_id=row["due_id"],
    )
