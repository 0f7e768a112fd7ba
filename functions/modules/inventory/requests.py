"""What people ask for where a moderator accepts who takes something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

import msgspec

from functions.modules.inventory.items import StockItem
from functions.modules.inventory.people import Borrower
from functions.modules.inventory.waiting import MODULE_NAME
from waddlebot.domain.events import Later
from waddlebot.stores.due import Due
from waddlebot.stores.postgres import Connection, Jsonb

_REQUESTS = """
    SELECT inventory_requests.*, item_name, inventory_items.number AS item_number
    FROM inventory_requests JOIN inventory_items ON inventory_items.id = item_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LendingRequest:
    """`until` is None where no day was said."""

    number: int
    item_number: int
    item_name: str
    quantity: int
    until: datetime | None
    borrower: Borrower
    later: Later


class Requests:
    """The table `inventory_requests`; works in the transaction of its connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._due = Due(connection)

    def ask(
        self,
        community: int,
        item: StockItem,
        quantity: int,
        until: datetime | None,
        *,
        who: Borrower,
        later: Later,
    ) -> LendingRequest | None:
        """Under the community's next number; None where this person asked for it already."""
        row = self._connection.execute(
            """
            WITH given AS (
                UPDATE inventory_numbers SET last_request = last_request + 1
                WHERE community_id = %(community)s RETURNING last_request)
            INSERT INTO inventory_requests (community_id, number, item_id, quantity, until,
                                            platform, holder, holder_name, later)
            SELECT %(community)s, last_request, %(item)s, %(quantity)s, %(until)s, %(platform)s,
                   %(holder)s, %(name)s, %(later)s
            FROM given
            ON CONFLICT (item_id, platform, holder) DO NOTHING
            RETURNING number
            """,
            {
                "community": community,
                "item": item.id,
                "quantity": quantity,
                "until": until,
                "platform": who.platform,
                "holder": who.key,
                "name": who.name,
                "later": Jsonb(msgspec.to_builtins(later)),
            },
        ).fetchone()
        return self.hold(community, row["number"]) if row else None

    def find(self, community: int, number: int) -> LendingRequest | None:
        """As it is at this moment: for its item, which is locked before it is held."""
        where = "WHERE inventory_requests.community_id = %s AND inventory_requests.number = %s"
        found = self._list(where, community, number)
        return found[0] if found else None

    def of_item(self, community: int, item: StockItem) -> list[LendingRequest]:
        return self._list(
            """
            WHERE inventory_requests.community_id = %s AND item_id = %s
            ORDER BY inventory_requests.number
            """,
            community,
            item.id,
        )

    def hold(self, community: int, number: int) -> LendingRequest | None:
        """Whoever answers it at the same time waits, and finds it answered."""
        found = self._list(
            """
            WHERE inventory_requests.community_id = %s AND inventory_requests.number = %s
            FOR UPDATE OF inventory_requests
            """,
            community,
            number,
        )
        return found[0] if found else None

    def list_open(self, community: int) -> list[LendingRequest]:
        where = "WHERE inventory_requests.community_id = %s ORDER BY inventory_requests.number"
        return self._list(where, community)

    def of_person(self, community: int, accounts: Sequence[str]) -> list[LendingRequest]:
        return self._list(
            """
            WHERE inventory_requests.community_id = %s
              AND inventory_requests.platform || ':' || holder = ANY(%s)
            ORDER BY inventory_requests.number
            """,
            community,
            list(accounts),
        )

    def answer(
        self,
        community: int,
        request: LendingRequest,
        *,
        at: datetime,
        what: str = "answered",
        **data: object,
    ) -> None:
        """It is open no longer, and its person is told of `data` where they asked."""
        self.drop(community, request)
        self._due.plan(
            community_id=community,
            later=request.later,
            module=MODULE_NAME,
            at=at,
            data={"what": what, "item": request.item_name, **data},
        )

    def drop(self, community: int, request: LendingRequest) -> None:
        self._connection.execute(
            "DELETE FROM inventory_requests WHERE community_id = %s AND number = %s",
            (community, request.number),
        )

    def _list(self, where: LiteralString, *values: object) -> list[LendingRequest]:
        rows = self._connection.execute(_REQUESTS + where, values).fetchall()
        return [_request(row) for row in rows]


def _request(row: Mapping[str, Any]) -> LendingRequest:
    return LendingRequest(
        number=row["number"],
        item_number=row["item_number"],
        item_name=row["item_name"],
        quantity=row["quantity"],
        until=row["until"],
        borrower=Borrower.kept(row),
        later=msgspec.convert(row["later"], Later),
    )
