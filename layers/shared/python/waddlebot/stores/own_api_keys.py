"""Keys that people made for themselves: only their hashes are kept.

They are their person's, whichever of the linked accounts made them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from waddlebot.domain.accounts import Account
from waddlebot.domain.key_texts import OF_PEOPLE
from waddlebot.stores.api_keys import hash_key, id_of
from waddlebot.stores.audit_log import Change, Values, note
from waddlebot.stores.identities import Identity
from waddlebot.stores.versions import Edit

_HINT_LETTERS = len(OF_PEOPLE) + 4


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnApiKey:
    """What its person may be told of it. `id` and `hint` name it and open nothing."""

    hash: bytes = field(repr=False)
    name: str
    hint: str
    created_at: datetime
    expires_at: datetime
    renewed_at: datetime | None
    last_used_at: datetime | None
    uses: int

    @property
    def id(self) -> str:
        return id_of(self.hash)

    def is_live(self, now: datetime) -> bool:
        return now < self.expires_at


class OwnApiKeys:
    """Those of one person, in a change under way; whoever else changes them waits.

    Every method raises Unavailable.
    """

    def __init__(self, edit: Edit, person: Account) -> None:
        self._edit = edit
        self._connection = edit.connection
        self._person = {"platform": person.platform, "user": person.user_id}
        self._about = person.key
        # By the first of the accounts: whichever of them asks.
        self._connection.execute(
            """
            SELECT pg_advisory_xact_lock(hashtextextended('own keys ' || (
                SELECT min(platform || ':' || user_id) FROM accounts_of(%(platform)s, %(user)s)
            ), 0))
            """,
            self._person,
        )

    def all(self) -> Sequence[OwnApiKey]:
        """The oldest first; those that ended stand there for a month."""
        rows = self._connection.execute(
            """
            SELECT user_api_keys.* FROM user_api_keys
            JOIN accounts_of(%(platform)s, %(user)s) AS theirs USING (platform, user_id)
            ORDER BY created_at, key_hash
            """,
            self._person,
        )
        return list(map(_own_key, rows))

    def forget_made_by(self, call: str) -> None:
        """What the same call made before: nobody was told that key."""
        self._connection.execute(
            """
            DELETE FROM user_api_keys WHERE made_by = %(call)s
                AND platform = %(platform)s AND user_id = %(user)s
            """,
            {**self._person, "call": call},
        )

    def put(self, text: str, one: Identity, *, name: str, until: datetime, call: str) -> OwnApiKey:
        rows = self._connection.execute(
            """
            INSERT INTO user_api_keys
                (key_hash, platform, user_id, user_name, name, hint, made_by, expires_at)
            VALUES (%(hash)s, %(platform)s, %(user)s, %(user_name)s, %(name)s, %(hint)s, %(call)s,
                %(until)s)
            RETURNING *
            """,
            {
                **self._person,
                **_of_text(text),
                "user_name": one.name,
                "name": name,
                "until": until,
                "call": call,
            },
        )
        return self._is_new(rows.fetchall(), "make own key")

    def replace(self, old: OwnApiKey, text: str, *, until: datetime) -> OwnApiKey:
        """The old text is good for nothing from now on."""
        rows = self._connection.execute(
            """
            UPDATE user_api_keys SET key_hash = %(hash)s, hint = %(hint)s, renewed_at = now(),
                expires_at = %(until)s
            WHERE key_hash = %(old)s RETURNING *
            """,
            {**_of_text(text), "until": until, "old": old.hash},
        )
        return self._is_new(rows.fetchall(), "renew own key", before={"id": old.id})

    def rename(self, one: OwnApiKey, name: str) -> None:
        self._connection.execute(
            "UPDATE user_api_keys SET name = %(name)s WHERE key_hash = %(hash)s",
            {"name": name, "hash": one.hash},
        )
        self._note("rename own key", after={"id": one.id})

    def end(self, one: OwnApiKey) -> None:
        """For good. Who holds it in memory asks again within a minute."""
        self._connection.execute(
            "DELETE FROM user_api_keys WHERE key_hash = %(hash)s", {"hash": one.hash}
        )
        self._note("revoke own key", before={"id": one.id, "hint": one.hint})

    def _is_new(
        self,
        rows: Sequence[Mapping[str, Any]],
        action: str,
        before: Mapping[str, Any] | None = None,
    ) -> OwnApiKey:
        [one] = map(_own_key, rows)
        self._edit.new_keys.append(one.hash)
        ends = one.expires_at.isoformat()
        self._note(action, before=before, after={"id": one.id, "hint": one.hint, "ends": ends})
        return one

    def _note(self, action: str, *, before: Values = None, after: Values = None) -> None:
        """Without the name, which is the person's own words."""
        change = Change(
            who=self._edit.by, action=action, about=self._about, before=before, after=after
        )
        note(self._connection, change)


def _of_text(text: str) -> dict[str, Any]:
    return {"hash": hash_key(text), "hint": text[:_HINT_LETTERS]}


def _own_key(row: Mapping[str, Any]) -> OwnApiKey:
    return OwnApiKey(
        hash=row["key_hash"],
        name=row["name"],
        hint=row["hint"],
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        renewed_at=row["renewed_at"],
        last_used_at=row["last_used_at"],
        uses=row["uses"],
    )
