"""Who was drawn, in the order of the draw. Whoever writes here holds the giveaway's row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from functions.modules.giveaways.giveaway import (
    Drawn,
    DrawOutcome,
    Giveaway,
    GiveawayEntry,
    read_entry,
)
from waddlebot.domain.accounts import Account
from waddlebot.stores.postgres import Connection


class Draws:
    """The table `giveaway_draws`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, giveaway: Giveaway) -> list[Drawn]:
        """All that were drawn, the first one first."""
        rows = self._connection.execute(
            """
            SELECT draws.*, entries.* FROM giveaway_draws AS draws
            JOIN giveaway_entries AS entries ON entries.id = entry_id
            WHERE draws.giveaway_id = %s ORDER BY place
            """,
            (giveaway.id,),
        )
        return [_drawn(row) for row in rows]

    def add(
        self,
        held: Giveaway,
        place: int,
        entry: GiveawayEntry,
        outcome: DrawOutcome,
        until: datetime,
    ) -> Drawn:
        self._connection.execute(
            """
            INSERT INTO giveaway_draws (giveaway_id, place, entry_id, outcome, claim_until)
            VALUES (%s, %s, %s, %s, %s)
            """,
            (held.id, place, entry.id, outcome, until),
        )
        return Drawn(place=place, entry=entry, outcome=outcome, claim_until=until)

    def change(self, held: Giveaway, drawn: Iterable[Drawn], outcome: DrawOutcome) -> None:
        places = [one.place for one in drawn]
        self._connection.execute(
            "UPDATE giveaway_draws SET outcome = %s WHERE giveaway_id = %s AND place = ANY(%s)",
            (outcome, held.id, places),
        )

    def tell(self, giveaway: Giveaway, entry: str) -> Drawn | None:
        """Who has to claim and was not told so; from now on they were."""
        row = self._connection.execute(
            """
            UPDATE giveaway_draws AS draws SET told = true FROM giveaway_entries AS entries
            WHERE entries.id = entry_id AND draws.giveaway_id = %s AND entry = %s
                AND outcome = %s AND NOT told
            RETURNING draws.*, entries.*
            """,
            (giveaway.id, entry, DrawOutcome.WAITING),
        ).fetchone()
        return _drawn(row) if row else None

    def find_number(self, community: int, entry: str) -> int | None:
        """Of the giveaway in which that entry was drawn."""
        row = self._connection.execute(
            """
            SELECT number FROM giveaway_draws AS draws
            JOIN giveaway_entries AS entries ON entries.id = entry_id
            JOIN giveaways ON giveaways.id = draws.giveaway_id
            WHERE community_id = %s AND entry = %s
            """,
            (community, entry),
        ).fetchone()
        return row["number"] if row else None

    def numbers_won(self, community: int, accounts: Sequence[Account]) -> list[int]:
        """Of giveaways in which this person was drawn, the newest first; those to claim before."""
        rows = self._connection.execute(
            """
            SELECT number FROM giveaway_draws AS draws
            JOIN giveaway_entries AS entries ON entries.id = entry_id
            JOIN giveaways ON giveaways.id = draws.giveaway_id
            JOIN unnest(%s::text[], %s::text[]) AS account (platform, user_id)
                ON (account.platform, account.user_id) = (entries.platform, entries.user_id)
            WHERE community_id = %s ORDER BY outcome = %s DESC, number DESC
            """,
            (
                [one.platform for one in accounts],
                [one.user_id for one in accounts],
                community,
                DrawOutcome.WAITING,
            ),
        )
        return [row["number"] for row in rows]


def _drawn(row: Mapping[str, Any]) -> Drawn:
    return Drawn(
        place=row["place"],
        entry=read_entry(row),
        outcome=DrawOutcome(row["outcome"]),
        claim_until=row["claim_until"],
    )
