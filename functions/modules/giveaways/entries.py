"""Who is in. Whoever writes here holds the giveaway's row: each person enters once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from functions.modules.giveaways.drawing import name_entry
from functions.modules.giveaways.giveaway import Giveaway, GiveawayEntry, LeftOut, read_entry
from functions.modules.giveaways.people import Entrant, Excluded, keep_later
from waddlebot.domain.accounts import Account
from waddlebot.stores.postgres import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryTold:
    """An entry and its giveaway, as its person reads of them."""

    number: int
    prize: str
    entry: GiveawayEntry
    outcome: str
    entered_at: datetime


class Entries:
    """The tables `giveaway_entries` and `giveaway_exclusions`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, held: Giveaway, by: Entrant, weight: int, *, now: datetime) -> GiveawayEntry:
        (row,) = self._connection.execute(
            """
            INSERT INTO giveaway_entries (giveaway_id, entry, weight, platform, user_id, user_name,
                login, way_back, entered_at)
            VALUES (%(giveaway)s, %(entry)s, %(weight)s, %(platform)s, %(user)s, %(name)s,
                %(login)s, %(way_back)s::jsonb, %(now)s)
            RETURNING *
            """,
            {
                "giveaway": held.id,
                "entry": name_entry(held.salt, by.platform, by.id),
                "weight": weight,
                "platform": by.platform,
                "user": by.id,
                "name": by.name,
                "login": by.login,
                "way_back": keep_later(by.later),
                "now": now,
            },
        ).fetchall()
        return read_entry(row)

    def count_more(self, entry: GiveawayEntry, weight: int) -> None:
        """It counts as often as that, if it did less."""
        self._connection.execute(
            "UPDATE giveaway_entries SET weight = greatest(weight, %s) WHERE id = %s",
            (weight, entry.id),
        )

    def of_person(self, giveaway: Giveaway, accounts: Sequence[Account]) -> list[GiveawayEntry]:
        """Of any account of one person, the first one first."""
        rows = self._connection.execute(
            """
            SELECT entries.* FROM giveaway_entries AS entries
            JOIN unnest(%s::text[], %s::text[]) AS account (platform, user_id)
                USING (platform, user_id)
            WHERE giveaway_id = %s ORDER BY entries.id
            """,
            (*_columns(accounts), giveaway.id),
        )
        return [read_entry(row) for row in rows]

    def accounts_of(self, platform: str, user_id: str) -> list[Account]:
        """All that are this person, this one first."""
        rows = self._connection.execute(
            "SELECT platform, user_id FROM linked_accounts(%s, %s)", ([platform], [user_id])
        )
        found = {Account(row["platform"], row["user_id"]) for row in rows}
        asked = Account(platform, user_id)
        return [asked, *sorted(found - {asked})]

    def people(self, accounts: Sequence[Account]) -> Mapping[Account, int]:
        """Whose account it is, of those that are linked at all."""
        rows = self._connection.execute(
            "SELECT * FROM linked_accounts(%s::text[], %s::text[])", _columns(accounts)
        )
        return {Account(row["platform"], row["user_id"]): row["person_id"] for row in rows}

    def count(self, giveaway: Giveaway) -> int:
        """How many may win, as far as that is known."""
        statement = """
            SELECT count(*) AS entries FROM giveaway_entries
            WHERE giveaway_id = %s AND left_out = ''
            """
        (row,) = self._connection.execute(statement, (giveaway.id,)).fetchall()
        return int(row["entries"])

    def all_of(self, giveaway: Giveaway) -> list[GiveawayEntry]:
        """Those that were left out too, the first one first."""
        statement = "SELECT * FROM giveaway_entries WHERE giveaway_id = %s ORDER BY id"
        return [read_entry(row) for row in self._connection.execute(statement, (giveaway.id,))]

    def leave_out(self, entries: Sequence[GiveawayEntry], why: LeftOut) -> None:
        self._connection.execute(
            "UPDATE giveaway_entries SET left_out = %s WHERE id = ANY(%s)",
            (why, [one.id for one in entries]),
        )

    def exclude(self, held: Giveaway, person: Excluded, why: str) -> bool:
        """`why` is `excluded` or `banned`. Whether they were not yet."""
        added = self._connection.execute(
            """
            INSERT INTO giveaway_exclusions (giveaway_id, platform, user_id, login, why)
            VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
            """,
            (held.id, person.platform, person.id, person.login, why),
        )
        return added.rowcount == 1

    def exclusions(self, giveaway: Giveaway) -> Mapping[Account, str]:
        """Why, by account: of those that are excluded, and all that are one person with them.

        Of a login that nobody entered by it is the name that the platform shows for it.
        """
        rows = self._connection.execute(
            """
            WITH meant AS (
                SELECT platform, user_id, why FROM giveaway_exclusions
                WHERE giveaway_id = %(giveaway)s AND user_id <> ''
                UNION
                SELECT entries.platform, entries.user_id, why FROM giveaway_exclusions AS excluded
                JOIN giveaway_entries AS entries USING (giveaway_id, platform, login)
                WHERE giveaway_id = %(giveaway)s AND entries.user_id IS NOT NULL
                UNION
                SELECT platform, seen.id, why FROM giveaway_exclusions,
                    LATERAL known_login(%(community)s, platform, login) AS seen (id)
                WHERE giveaway_id = %(giveaway)s AND login <> '' AND seen.id <> ''
            ),
            linked AS MATERIALIZED (
                SELECT same.* FROM (
                    SELECT array_agg(platform) AS platforms, array_agg(user_id) AS user_ids
                    FROM meant
                ) AS asked, linked_accounts(platforms, user_ids) AS same
            )
            SELECT platform, user_id, why FROM meant
            UNION
            SELECT other.platform, other.user_id, why FROM meant
            JOIN linked AS mine USING (platform, user_id)
            JOIN linked AS other USING (person_id)
            """,
            {"giveaway": giveaway.id, "community": giveaway.community},
        )
        return {Account(row["platform"], row["user_id"]): row["why"] for row in rows}

    def is_excluded(self, giveaway: Giveaway, person: Entrant, accounts: Sequence[Account]) -> bool:
        """Under any of these accounts, or by the login that this one has; forgotten or not."""
        known = (*accounts, *_names(giveaway, accounts))
        if not self.exclusions(giveaway).keys().isdisjoint(known):
            return True
        statement = """
            SELECT FROM giveaway_exclusions WHERE giveaway_id = %s AND platform = %s AND login = %s
            """
        about = (giveaway.id, person.platform, person.login)
        return self._connection.execute(statement, about).fetchone() is not None

    def keep_out(self, held: Giveaway, accounts: Sequence[Account]) -> None:
        """Of one person who will be forgotten: whoever is excluded stays so, under names of entries
        which tell of nobody, as long as somebody may enter. Else they would enter again.
        """
        excluded = self.exclusions(held)
        why = next((excluded[one] for one in accounts if one in excluded), None)
        for name in _names(held, accounts) if why else ():
            person = Excluded(platform=name.platform, id=name.user_id, login="", name="")
            self.exclude(held, person, str(why))

    def drop_names(self, held: Giveaway) -> None:
        """Nobody enters any more: what `keep_out` kept is not needed."""
        self._connection.execute(
            "DELETE FROM giveaway_exclusions WHERE giveaway_id = %s AND platform = ''", (held.id,)
        )

    def told_to(self, community: int, platform: str, user_id: str) -> list[EntryTold]:
        """All entries of this account in this community."""
        rows = self._connection.execute(
            """
            SELECT entries.*, number, prize, coalesce(outcome, '') AS outcome
            FROM giveaway_entries AS entries JOIN giveaways ON giveaways.id = giveaway_id
            LEFT JOIN giveaway_draws AS draws ON entry_id = entries.id
            WHERE community_id = %s AND entries.platform = %s AND entries.user_id = %s
            ORDER BY entries.id
            """,
            (community, platform, user_id),
        )
        return [_told(row) for row in rows]

    def count_exclusions_of(self, community: int, platform: str, user_id: str) -> int:
        statement = """
            SELECT count(*) AS many FROM giveaway_exclusions AS excluded
            JOIN giveaways ON giveaways.id = giveaway_id
            WHERE community_id = %s AND excluded.platform = %s AND user_id = %s
            """
        rows = self._connection.execute(statement, (community, platform, user_id)).fetchall()
        return int(rows[0]["many"])

    def forget(self, community: int, platform: str, user_id: str) -> int:
        """An entry goes while entries are taken; in a closed list it stays, and tells of nobody.

        How many things there were.
        """
        person = (community, platform, user_id)
        # What was excluded by login belongs to whoever entered by that login.
        gone = self._connection.execute(
            """
            DELETE FROM giveaway_exclusions AS excluded USING giveaways
            WHERE giveaways.id = excluded.giveaway_id AND community_id = %(community)s
                AND excluded.platform = %(platform)s AND (
                    excluded.user_id = %(user)s OR excluded.login <> '' AND excluded.login IN (
                        SELECT login FROM giveaway_entries AS entries
                        WHERE entries.platform = %(platform)s AND entries.user_id = %(user)s
                    )
                )
            """,
            {"community": community, "platform": platform, "user": user_id},
        ).rowcount
        gone += self._connection.execute(
            """
            DELETE FROM giveaway_entries AS entries USING giveaways
            WHERE giveaways.id = giveaway_id AND community_id = %s AND entries.platform = %s
                AND user_id = %s AND list_hash = ''
            """,
            person,
        ).rowcount
        return (
            gone
            + self._connection.execute(
                """
                UPDATE giveaway_entries AS entries
                SET platform = NULL, user_id = NULL, user_name = NULL, login = NULL, way_back = NULL
                FROM giveaways
                WHERE giveaways.id = giveaway_id AND community_id = %s AND entries.platform = %s
                    AND user_id = %s
                """,
                person,
            ).rowcount
        )


def _names(giveaway: Giveaway, accounts: Sequence[Account]) -> list[Account]:
    """What their entries are called, as accounts of no platform."""
    return [Account("", name_entry(giveaway.salt, *one)) for one in accounts]


def _columns(accounts: Sequence[Account]) -> tuple[list[str], list[str]]:
    return [one.platform for one in accounts], [one.user_id for one in accounts]


def _told(row: Mapping[str, Any]) -> EntryTold:
    return EntryTold(
        number=row["number"],
        prize=row["prize"],
        entry=read_entry(row),
        outcome=row["outcome"],
        entered_at=row["entered_at"],
    )
