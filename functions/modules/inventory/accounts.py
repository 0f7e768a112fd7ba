"""Whose accounts are whose, as far as the house knows it."""

from __future__ import annotations

from dataclasses import replace

from functions.modules.inventory.people import Borrower
from waddlebot.stores.postgres import Connection


class BorrowerAccounts:
    """Asks the house by its functions `known_login` and `linked_accounts`: its tables are closed to
    modules."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def whole(self, community: int, person: Borrower) -> Borrower:
        """By id where anybody was seen under the login here, and with all accounts linked to it.

        Logins wander; whoever has something has it as the account that bore it when it was lent.
        """
        if not person.id:
            person = replace(person, id=self._seen_as(community, person))
        if not person.id:
            return person
        rows = self._connection.execute(
            "SELECT platform || ':' || user_id AS account FROM linked_accounts(%s, %s)",
            ([person.platform], [person.id]),
        ).fetchall()
        own = f"{person.platform}:{person.id}"
        return replace(person, accounts=frozenset([own, *(row["account"] for row in rows)]))

    def _seen_as(self, community: int, person: Borrower) -> str:
        """Empty where nobody was, and of somebody who was forgotten."""
        if not person.name:
            return ""
        [row] = self._connection.execute(
            "SELECT known_login(%s, %s, %s) AS id",
            (community, person.platform, person.login.removeprefix("@")),
        ).fetchall()
        return row["id"] or ""
