"""What a community lends. Every statement names its community: nobody reads another's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, LiteralString

from functions.modules.inventory.accessories import Accessories
from functions.modules.inventory.accounts import BorrowerAccounts
from functions.modules.inventory.addresses import SecretAddresses
from functions.modules.inventory.figures import InventoryFigures, count_all
from functions.modules.inventory.history import History
from functions.modules.inventory.items import (
    Condition,
    FoundItems,
    Listed,
    NewItem,
    StockItem,
)
from functions.modules.inventory.loans import Loans
from functions.modules.inventory.people import Borrower
from functions.modules.inventory.reminders import LoanReminders
from functions.modules.inventory.requests import Requests
from functions.modules.inventory.waiting import WaitingLine
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
        self.accessories = Accessories(connection)
        self.accounts = BorrowerAccounts(connection)
        self.history = History(connection)
        self.waiting = WaitingLine(connection)
        self.requests = Requests(connection)
        self.addresses = SecretAddresses(connection)
        self.reminders = LoanReminders(connection)
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
                                         condition, platform, created_by, created_by_name)
            SELECT %(community)s, last, %(name)s, %(description)s, %(quantity)s, %(condition)s,
                   %(platform)s, %(by)s, %(by_name)s
            FROM given
            ON CONFLICT (community_id, lower(item_name)) DO NOTHING
            RETURNING id
            """,
            {
                "community": community,
                "name": new.name,
                "description": new.description,
                "quantity": new.quantity,
                "condition": new.condition,
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

    def find_by_id(self, community: int, item: int) -> StockItem | None:
        where = "WHERE community_id = %(community)s AND id = %(id)s"
        return self._find(where, community=community, id=item)

    def with_it(self, community: int, item: StockItem) -> list[StockItem]:
        """What goes with an item, by number."""
        found = [self.find_by_id(community, one) for one in self.accessories.ids_of(item)]
        return [one for one in found if one]

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
        self,
        community: int,
        *,
        listed: Listed = Listed.ALL,
        words: str = "",
        labels: Sequence[str] = (),
        limit: int,
    ) -> FoundItems:
        """By number; those that have the words in name, description or a label, in any case, and
        all of these labels."""
        rows = self._connection.execute(
            """
            SELECT *, count(*) OVER () AS total,
                ARRAY(SELECT label FROM inventory_labels WHERE item_id = inventory_items.id
                      ORDER BY label) AS labels
            FROM inventory_items
            WHERE community_id = %(community)s
              AND CASE %(listed)s
                  WHEN 'available' THEN taken < quantity AND condition = 'fine'
                  WHEN 'out' THEN taken > 0 WHEN 'low' THEN quantity - taken <= low_at
                  ELSE true END
              AND %(labels)s::text[] <@ ARRAY(SELECT label FROM inventory_labels
                                              WHERE item_id = inventory_items.id)
              AND (strpos(lower(item_name || ' ' || description), lower(%(words)s)) > 0
                   OR EXISTS (SELECT FROM inventory_labels WHERE item_id = inventory_items.id
                              AND strpos(label, lower(%(words)s)) > 0))
            ORDER BY number LIMIT %(limit)s
            """,
            {
                "community": community,
                "listed": listed.value,
                "words": words,
                "labels": list(labels),
                "limit": limit,
            },
        ).fetchall()
        total = rows[0]["total"] if rows else 0
        return FoundItems(items=tuple(map(_item, rows)), total=total)

    def hold_names(self, community: int) -> None:
        """Whoever adds or renames at the same time waits for this transaction, and then sees what
        it named. Behind the row of an item, where that is locked too."""
        self._connection.execute(
            """
            INSERT INTO inventory_numbers AS numbers (community_id, last) VALUES (%s, 0)
            ON CONFLICT (community_id) DO UPDATE SET last = numbers.last
            """,
            (community,),
        )

    def lock(self, item: StockItem) -> StockItem | None:
        """As it is now: whoever changes it or lends it at the same time waits for this transaction.

        None where it is gone.
        """
        statement = "SELECT FROM inventory_items WHERE id = %s FOR UPDATE"
        self._connection.execute(statement, (item.id,))
        return self._find("WHERE id = %(id)s", id=item.id)

    def change(self, community: int, item: StockItem, **parts: object) -> StockItem | None:
        """`parts` are `name`, `description`, `quantity`, `condition` and `low_at`; what is not
        named stays as `item` says, which is locked before. None where another is called so."""
        if "name" in parts:
            self.hold_names(community)
        values = {
            "name": item.name,
            "description": item.description,
            "quantity": item.quantity,
            "condition": item.condition,
            "low_at": item.low_at,
        } | parts
        self._connection.execute(
            """
            UPDATE inventory_items SET item_name = %(name)s, description = %(description)s,
                quantity = %(quantity)s, condition = %(condition)s, low_at = %(low_at)s,
                updated_at = now()
            WHERE id = %(id)s AND NOT EXISTS (
                SELECT FROM inventory_items AS other
                WHERE other.community_id = inventory_items.community_id
                  AND lower(other.item_name) = lower(%(name)s) AND other.id <> %(id)s)
            """,
            {**values, "id": item.id},
        )
        changed = self._find("WHERE id = %(id)s", id=item.id)
        return changed if changed and changed.name == values["name"] else None

    def label(self, item: StockItem, label: str) -> bool:
        """False where it hangs there already."""
        statement = (
            "INSERT INTO inventory_labels (item_id, label) VALUES (%s, %s) ON CONFLICT DO NOTHING"
        )
        return self._connection.execute(statement, (item.id, label)).rowcount == 1

    def unlabel(self, item: StockItem, label: str) -> bool:
        """False where it does not hang there."""
        statement = "DELETE FROM inventory_labels WHERE item_id = %s AND label = %s"
        return self._connection.execute(statement, (item.id, label)).rowcount == 1

    def figures(self, community: int, at: datetime) -> InventoryFigures:
        return count_all(self._connection, community, at)

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
        condition=Condition(row["condition"]),
        low_at=row["low_at"],
    )
