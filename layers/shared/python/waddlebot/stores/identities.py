"""Which accounts are one person: both sides agreed to it (facts, 10 and C.7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import CommunityId
from waddlebot.domain.errors import Rejected
from waddlebot.stores.audit_log import Change, note
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.versions import Edit


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """An account; `name` is how the platform shows it, and names wander.

    `login` is the account's own name, where the platform has one that nobody else bears.
    """

    platform: str
    user_id: str
    name: str
    login: str = ""

    @property
    def key(self) -> str:
        return f"{self.platform}:{self.user_id}"


def account_on(postgres: Postgres, platform: str, account: Account) -> str:
    """The id of the same person's account on that platform; nothing where none is linked.

    Raises Unavailable.
    """
    rows = postgres.read(
        """
        SELECT other.user_id FROM identities AS mine JOIN identities AS other USING (person_id)
        WHERE mine.platform = %(on)s AND mine.user_id = %(user)s AND other.platform = %(platform)s
        """,
        {"on": account.platform, "user": account.user_id, "platform": platform},
    )
    return next((str(row["user_id"]) for row in rows), "")


class Identities:
    def __init__(self, edit: Edit) -> None:
        self._edit = edit
        self._connection = edit.connection

    def of(self, one: Identity) -> list[Identity]:
        """All accounts of this person, this one among them."""
        rows = self._connection.execute(
            """
            SELECT other.platform, other.user_id, other.name FROM identities AS mine
            JOIN identities AS other USING (person_id)
            WHERE mine.platform = %(platform)s AND mine.user_id = %(user)s
            ORDER BY other.platform
            """,
            {"platform": one.platform, "user": one.user_id},
        ).fetchall()
        return [Identity(**row) for row in rows] or [one]

    def link(self, asking: Identity, agreeing: Identity) -> list[Identity]:
        """Makes one person of both; all accounts of it. What was asked for is used up.

        Raises:
            Rejected: 409, both have an account of the same platform.
        """
        # Before the table: in this order everybody locks them.
        self._connection.execute(
            "DELETE FROM identity_codes WHERE platform = %(platform)s AND user_id = %(user)s",
            {"platform": asking.platform, "user": asking.user_id},
        )
        # Two links at once could each make a person of the same account.
        self._connection.execute("LOCK TABLE identities IN SHARE ROW EXCLUSIVE MODE")
        both = [self._rows(asking), self._rows(agreeing)]
        people = {row["person_id"] for rows in both for row in rows}
        if len(people) == 1 and all(both):
            raise Rejected(409, "LINKED", "You are one person already.")
        shared = {one.platform for one in self.of(asking)} & {
            one.platform for one in self.of(agreeing)
        }
        if shared:
            names = ", ".join(sorted(shared))
            raise Rejected(
                409, "TWO_ACCOUNTS", f"Both have an account on {names}. Unlink one of them first."
            )
        person = min(people) if people else self._new_person()
        for one in (asking, agreeing):
            self._put(one, person)
        self._connection.execute(
            "UPDATE identities SET person_id = %(person)s WHERE person_id = ANY(%(others)s)",
            {"person": person, "others": list(people - {person})},
        )
        self._forget_people(people - {person})
        linked = self.of(asking)
        self._changed("link accounts", asking, agreeing, linked)
        return linked

    def unlink(self, one: Identity, platform: str) -> Identity:
        """That account is a person of its own again. Raises Rejected: 404, there is none."""
        self._connection.execute("LOCK TABLE identities IN SHARE ROW EXCLUSIVE MODE")
        linked = self.of(one)
        gone = next((other for other in linked if other.platform == platform), None)
        if gone is None or len(linked) < 2:
            raise Rejected(404, "NOT_LINKED", f"You have no account on {platform} linked.")
        alone = linked if len(linked) == 2 else [gone]
        people = {row["person_id"] for row in self._rows(gone)}
        for other in alone:
            self._connection.execute(
                "DELETE FROM identities WHERE platform = %(platform)s AND user_id = %(user)s",
                {"platform": other.platform, "user": other.user_id},
            )
        if len(linked) == 2:
            self._forget_people(people)
        self._changed("unlink accounts", one, gone, linked)
        return gone

    def _rows(self, one: Identity) -> list[dict[str, Any]]:
        return self._connection.execute(
            """
            SELECT other.* FROM identities AS mine JOIN identities AS other USING (person_id)
            WHERE mine.platform = %(platform)s AND mine.user_id = %(user)s
            """,
            {"platform": one.platform, "user": one.user_id},
        ).fetchall()

    def _new_person(self) -> int:
        [row] = self._connection.execute("INSERT INTO people DEFAULT VALUES RETURNING id")
        return int(row["id"])

    def _put(self, one: Identity, person: int) -> None:
        self._connection.execute(
            """
            INSERT INTO identities (platform, user_id, person_id, name)
            VALUES (%(platform)s, %(user)s, %(person)s, %(name)s)
            ON CONFLICT (platform, user_id) DO UPDATE SET name = EXCLUDED.name
            """,
            {"platform": one.platform, "user": one.user_id, "person": person, "name": one.name},
        )

    def _forget_people(self, people: set[int]) -> None:
        self._connection.execute(
            "DELETE FROM people WHERE id = ANY(%(ids)s)", {"ids": list(people)}
        )

    def _changed(
        self, action: str, one: Identity, other: Identity, linked: Sequence[Identity]
    ) -> None:
        """Where any of them has a role or a label, the others have it now, or no more; points are
        one person's now, or no more.
        """
        keys = [account.key for account in linked]
        rows = self._connection.execute(
            """
            SELECT community_id FROM community_members
            WHERE platform || ':' || user_id = ANY(%(keys)s)
            UNION SELECT community_id FROM entity_labels
            WHERE kind = 'user' AND thing = ANY(%(keys)s)
            UNION SELECT community_id FROM reputation
            WHERE (platform, user_id) IN (
                SELECT * FROM unnest(%(platforms)s::text[], %(users)s::text[])
            )
            """,
            {
                "keys": keys,
                "platforms": [account.platform for account in linked],
                "users": [account.user_id for account in linked],
            },
        ).fetchall()
        self._edit.touch(CommunityId(row["community_id"]) for row in rows)
        after = {"accounts": keys}
        note(
            self._connection,
            Change(who=self._edit.by, action=action, about=f"{one.key} {other.key}", after=after),
        )
