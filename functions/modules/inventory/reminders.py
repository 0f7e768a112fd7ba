"""Reminders of what is due back: a row beside the loan for each, which comes back as an event."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from functions.modules.inventory.items import Loan
from functions.modules.inventory.waiting import MODULE_NAME
from waddlebot.domain.events import Later
from waddlebot.stores.due import Due
from waddlebot.stores.postgres import Connection, Jsonb


class Reminded(StrEnum):
    """Before the day, and when it has come."""

    SOON = "soon"
    NOW = "now"


class LoanReminders:
    """The columns of `inventory_loans` that remind; works in the transaction of its connection,
    with the item's row locked before."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._due = Due(connection)

    def plan(
        self, community: int, loan: Loan, *, later: Later, at: datetime, before: timedelta
    ) -> None:
        """Of the day that it has now, in place of all that was planned of another."""
        self.cancel(community, loan)
        numbers = [
            self._due.plan(
                community_id=community,
                later=later,
                module=MODULE_NAME,
                at=moment,
                data={"what": "reminder", "loan": loan.id, "kind": kind.value},
            )
            for kind, moment in _moments(loan, at, before)
        ]
        self._connection.execute(
            """
            UPDATE inventory_loans SET later = %s, due_ids = %s, reminded = '{}' WHERE id = %s
            """,
            (Jsonb(msgspec.to_builtins(later)), numbers, loan.id),
        )

    def cancel(self, community: int, loan: Loan) -> None:
        """Before the loan changes or goes."""
        statement = "SELECT due_ids FROM inventory_loans WHERE id = %s"
        for row in self._connection.execute(statement, (loan.id,)).fetchall():
            for number in row["due_ids"]:
                self._due.cancel(number, MODULE_NAME, community)

    def later(self, loan: Loan) -> Later | None:
        """Where this person is reminded."""
        statement = "SELECT later FROM inventory_loans WHERE id = %s AND later IS NOT NULL"
        row = self._connection.execute(statement, (loan.id,)).fetchone()
        return msgspec.convert(row["later"], Later) if row else None

    def mark_said(self, community: int, loan: int, kind: Reminded) -> bool:
        """False where it was said, or is back."""
        return (
            self._connection.execute(
                """
                UPDATE inventory_loans SET reminded = reminded || %(kind)s
                WHERE community_id = %(community)s AND id = %(loan)s
                  AND NOT %(kind)s = ANY(reminded)
                """,
                {"community": community, "loan": loan, "kind": kind.value},
            ).rowcount
            == 1
        )


def _moments(loan: Loan, at: datetime, before: timedelta) -> list[tuple[Reminded, datetime]]:
    """Nobody is reminded of what was just taken for less than that."""
    if loan.until is None:
        return []
    soon = loan.until - before
    first = [(Reminded.SOON, soon)] if before and soon > at else []
    return [*first, (Reminded.NOW, loan.until)]
