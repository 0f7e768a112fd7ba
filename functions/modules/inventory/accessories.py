"""What goes with an item: lent with it, brought back with it."""

from __future__ import annotations

from functions.modules.inventory.items import StockItem
from waddlebot.stores.postgres import Connection


class Accessories:
    """The table `inventory_accessories`; works in the transaction of its connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ids_of(self, item: StockItem) -> list[int]:
        """By number: everybody locks them in this order, behind the item."""
        rows = self._connection.execute(
            """
            SELECT accessory_id FROM inventory_accessories
            JOIN inventory_items ON inventory_items.id = accessory_id
            WHERE item_id = %s ORDER BY number
            """,
            (item.id,),
        ).fetchall()
        return [row["accessory_id"] for row in rows]

    def goes_with_any(self, item: StockItem) -> bool:
        statement = "SELECT FROM inventory_accessories WHERE accessory_id = %s LIMIT 1"
        return self._connection.execute(statement, (item.id,)).fetchone() is not None

    def add(self, item: StockItem, accessory: StockItem) -> bool:
        """False where it goes with it already."""
        statement = "INSERT INTO inventory_accessories VALUES (%s, %s) ON CONFLICT DO NOTHING"
        return self._connection.execute(statement, (item.id, accessory.id)).rowcount == 1

    def remove(self, item: StockItem, accessory: StockItem) -> bool:
        """False where it does not go with it."""
        statement = "DELETE FROM inventory_accessories WHERE item_id = %s AND accessory_id = %s"
        return self._connection.execute(statement, (item.id, accessory.id)).rowcount == 1
