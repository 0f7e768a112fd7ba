"""What a community lends. Every statement names its community: nobody reads another's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, LiteralString

from functions.modules.inventory.history import History
from functions.modules.inventory.items import FoundItems, Listed, NewItem, StockItem
from functions.modules.inventory.loans import Loans
from functions.modules.inventory.people import Borrower
from waddlebot.stores.postgres import Connection

_ITEMS = """
    SELECT *, ARRAY(SELECT label FROM inventory_labels WHERE item_id = inventory_items.id
                    ORDER BY label) AS labels
    FROM inventory_items
"""


class Inventory:
    """The tables `inventory_items`, `inventory_labels` and `inventory_numbers`; loans and history
    have stores of their own.

    Works in the transaction of its connection and neither commits nor rolls back.
    """

    def __init__(self, connection: Connection) -> None:
        self.loans = Loans(connection)
        self.history = History(connection)
        self._connection = connection

    def count(self, community: int) -> int:
        statement = "SELECT count(*) AS n FROM inventory_items WHERE community_id = %s"
        [row] = self._connection.execute(statement, (community,)).fetchall()
        return int(row["n"])

    def add(self, community: int, new: NewItem, *, by: Borrower) -> StockItem | None:
        """Under the community's next number; None where one is called so already."""
        row = self._connection.execute(
            """
            WITH given AS (
                INSERT INTO inventory_numbers AS numbers (community_id, last)
                VALUES (%(community)s, 1)
                ON CONFLICT (community_id) DO UPDATE SET last = numbers.last + 1
                RETURNING last)
            INSERT INTO inventory_items (community_id, number, item_name, description, quantity,
                                         platform, created_by, created_by_name)
            SELECT %(community)s, last, %(name)s, %(description)s, %(quantity)s, %(platform)s,
                   %(by)s, %(by_name)s
            FROM given
            ON CONFLICT (community_id, lower(item_name)) DO NOTHING
            RETURNING id
            """,
            {
                "community": community,
                "name": new.name,
                "description": new.description,
                "quantity": new.quantity,
                "platform": by.platform,
                "by": by.id,
                "by_name": by.name,
            },
        ).fetchone()
        if row is None:
            return None
        for label in new.labels:
            self._connection.execute(
                "INSERT INTO inventory_labels (item_id, label) VALUES (%s, %s)", (row["id"], label)
            )
        return self._find("WHERE id = %(id)s", id=row["id"])

    def find(self, community: int, number: int) -> StockItem | None:
        return self._find(
            "WHERE community_id = %(community)s AND number = %(number)s",
            community=community,
            number=number,
        )

    def find_called(self, community: int, name: str) -> StockItem | None:
        """In whatever case it is typed."""
        return self._find(
            "WHERE community_id = %(community)s AND lower(item_name) = lower(%(name)s)",
            community=community,
            name=name,
        )

    def find_at(self, community: int, text: str) -> StockItem | None:
        """The one whose name a text begins with, the longest of them."""
        return self._find(
            """
            WHERE community_id = %(community)s
              AND starts_with(lower(%(text)s) || ' ', lower(item_name) || ' ')
            ORDER BY length(item_name) DESC LIMIT 1
            """,
            community=community,
            text=text,
        )

    def list_items(
        self, community: int, *, listed: Listed = Listed.ALL, words: str = "", limit: int
    ) -> FoundItems:
        """By number; those that have the words in name, description or a label, in any case."""
        rows = self._connection.execute(
            """
            SELECT *, count(*) OVER () AS total,
                ARRAY(SELECT label FROM inventory_labels WHERE item_id = inventory_items.id
                      ORDER BY label) AS labels
            FROM inventory_items
            WHERE community_id = %(community)s
              AND CASE %(listed)s WHEN 'available' THEN taken < quantity WHEN 'out' THEN taken > 0
                  ELSE true END
              AND (strpos(lower(item_name || ' ' || description), lower(%(words)s)) > 0
                   OR EXISTS (SELECT FROM inventory_labels WHERE item_id = inventory_items.id
                              AND strpos(label, lower(%(words)s)) > 0))
            ORDER BY number LIMIT %(limit)s
            """,
            {"community": community, "listed": listed.value, "words": words, "limit": limit},
        ).fetchall()
        total = rows[0]["total"] if rows else 0
        return FoundItems(items=tuple(map(_item, rows)), total=total)

    def remove(self, item: StockItem) -> bool:
        """With its loans; its history stays. False where it is gone already."""
        statement = "DELETE FROM inventory_items WHERE id = %s"
        return self._connection.execute(statement, (item.id,)).rowcount == 1

    def list_added_by(self, community: int, platform: str, user_id: str) -> list[StockItem]:
        where = "WHERE community_id = %s AND platform = %s AND created_by = %s ORDER BY number"
        rows = self._connection.execute(_ITEMS + where, (community, platform, user_id)).fetchall()
        return [_item(row) for row in rows]

    def forget_who_added(self, community: int, platform: str, user_id: str) -> int:
        """How many items stay without saying whose they were."""
        return self._connection.execute(
            """
            UPDATE inventory_items SET created_by = '', created_by_name = ''
            WHERE community_id = %s AND platform = %s AND created_by = %s
            """,
            (community, platform, user_id),
        ).rowcount

    def _find(self, where: LiteralString, **values: object) -> StockItem | None:
        row = self._connection.execute(_ITEMS + where, values).fetchone()
        return _item(row) if row else None


def _item(row: Mapping[str, Any]) -> StockItem:
    return StockItem(
        id=row["id"],
        number=row["number"],
        name=row["item_name"],
        description=row["description"],
        quantity=row["quantity"],
        taken=row["taken"],
        labels=tuple(row["labels"]),
        added_by=row["created_by_name"],
        back_at=row["checked_in_at"],
    )
