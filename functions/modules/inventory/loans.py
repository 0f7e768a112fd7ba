"""What is out, with whom and until when. An item's row is locked before its loans are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, LiteralString

from functions.modules.inventory.items import Loan, StockItem
from functions.modules.inventory.people import Borrower
from waddlebot.stores.postgres import Connection

_LOANS = """
    SELECT inventory_loans.*, item_name
    FROM inventory_loans JOIN inventory_items ON inventory_items.id = item_id
"""


class Loans:
    """The table `inventory_loans`; works in the transaction of its connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lend(
        self,
        community: int,
        item: StockItem,
        quantity: int,
        *,
        to: Borrower,
        at: datetime,
        until: datetime | None,
        kept: int = 0,
    ) -> Loan | None:
        """What this person has of it now; None where so many are no longer there, besides those
        that are `kept` for others.

        Of two who take the last one at the same moment the second waits for the first, and finds
        none. Who has some of it already has more, all of them until the new day.
        """
        row = self._connection.execute(
            """
            WITH still_there AS (
                UPDATE inventory_items SET taken = taken + %(quantity)s, updated_at = %(at)s
                WHERE id = %(item)s AND taken + %(quantity)s + %(kept)s <= quantity
                RETURNING id, item_name)
            INSERT INTO inventory_loans AS loans (community_id, item_id, quantity, platform, holder,
                                                  holder_name, taken_at, due_at)
            SELECT %(community)s, id, %(quantity)s, %(platform)s, %(holder)s, %(name)s, %(at)s,
                   %(until)s
            FROM still_there
            ON CONFLICT (item_id, platform, holder) DO UPDATE
            SET quantity = loans.quantity + excluded.quantity, due_at = excluded.due_at,
                holder_name = excluded.holder_name
            RETURNING *, (SELECT item_name FROM still_there)
            """,
            {
                "community": community,
                "item": item.id,
                "quantity": quantity,
                "platform": to.platform,
                "holder": to.key,
                "name": to.name,
                "at": at,
                "until": until,
                "kept": kept,
            },
        ).fetchone()
        return _loan(row) if row else None

    def extend(self, loan: Loan, until: datetime) -> Loan | None:
        """None where it is not out any more. The item is locked before."""
        row = self._connection.execute(
            """
            UPDATE inventory_loans SET due_at = %s WHERE id = %s
            RETURNING *, (SELECT item_name FROM inventory_items WHERE id = item_id)
            """,
            (until, loan.id),
        ).fetchone()
        return _loan(row) if row else None

    def give_back(self, loan: Loan, quantity: int, *, at: datetime) -> bool:
        """False where this person has not so many of it any more. The item is locked before."""
        given = self._connection.execute(
            """
            WITH part AS (
                UPDATE inventory_loans SET quantity = quantity - %(quantity)s
                WHERE id = %(loan)s AND quantity > %(quantity)s RETURNING id),
            whole AS (
                DELETE FROM inventory_loans WHERE id = %(loan)s AND quantity = %(quantity)s
                RETURNING id)
            UPDATE inventory_items
            SET taken = taken - %(quantity)s, checked_in_at = %(at)s, updated_at = %(at)s
            WHERE id = %(item)s AND EXISTS (SELECT FROM part UNION ALL SELECT FROM whole)
            """,
            {"loan": loan.id, "item": loan.item_id, "quantity": quantity, "at": at},
        )
        return given.rowcount == 1

    def of_item(self, item: StockItem) -> list[Loan]:
        """Who comes back first stands first."""
        return self._list("WHERE item_id = %s ORDER BY due_at, inventory_loans.id", item.id)

    def of_them(self, item: StockItem, person: Borrower) -> Loan | None:
        """What this person has of it, by whichever account."""
        return next((one for one in self.of_item(item) if one.borrower.is_same(person)), None)

    def find(self, community: int, loan: int) -> Loan | None:
        where = "WHERE inventory_loans.community_id = %s AND inventory_loans.id = %s"
        found = self._list(where, community, loan)
        return found[0] if found else None

    def list_late(self, community: int, at: datetime) -> list[Loan]:
        """The longest late first."""
        where = "WHERE inventory_loans.community_id = %s AND due_at < %s ORDER BY due_at"
        return self._list(where, community, at)

    def of_community(self, community: int) -> list[Loan]:
        return self._list("WHERE inventory_loans.community_id = %s ORDER BY due_at", community)

    def of_person(self, community: int, person: Borrower) -> list[Loan]:
        """What all accounts of this person have. What was lent to the login is theirs from now on
        by id; whoever changes more than that has locked the item before."""
        self._connection.execute(
            """
            UPDATE inventory_loans AS loans SET holder = %(id)s
            WHERE community_id = %(community)s AND platform = %(platform)s AND holder = %(login)s
              AND NOT EXISTS (SELECT FROM inventory_loans AS own WHERE own.item_id = loans.item_id
                              AND own.platform = %(platform)s AND own.holder = %(id)s)
            """,
            {
                "community": community,
                "platform": person.platform,
                "id": person.id,
                "login": person.login,
            },
        )
        return self.list_held(community, person.every_account)

    def list_held(self, community: int, accounts: Sequence[str]) -> list[Loan]:
        """With these accounts, as `Borrower.account` says them."""
        return self._list(
            """
            WHERE inventory_loans.community_id = %s
              AND inventory_loans.platform || ':' || holder = ANY(%s)
            ORDER BY due_at, inventory_loans.id
            """,
            community,
            list(accounts),
        )

    def forget_holder(self, community: int, platform: str, keys: Sequence[str]) -> int:
        """What is out stays out, with somebody."""
        return self._connection.execute(
            """
            UPDATE inventory_loans SET holder = '?' || id, holder_name = '', later = NULL,
                due_ids = '{}'
            WHERE community_id = %s AND platform = %s AND holder = ANY(%s)
            """,
            (community, platform, list(keys)),
        ).rowcount

    def _list(self, where: LiteralString, *values: object) -> list[Loan]:
        rows = self._connection.execute(_LOANS + where, values).fetchall()
        return [_loan(row) for row in rows]


def _loan(row: Mapping[str, Any]) -> Loan:
    return Loan(
        id=row["id"],
        item_id=row["item_id"],
        item_name=row["item_name"],
        quantity=row["quantity"],
        borrower=Borrower.kept(row),
        since=row["taken_at"],
        until=row["due_at"],
    )
