"""Codes by which accounts become one person: asked for on one side, typed on the other.

A code is for the account with the id that it was asked for, or with the account's own name. Shown
names are anybody's choice: whoever else types a code holds it, and the asking side decides after it
has seen name and id. Only hashes are kept.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from waddlebot.domain.entities import EntityId
from waddlebot.domain.errors import Rejected
from waddlebot.stores.identities import Identities, Identity
from waddlebot.stores.versions import Edit

LIFE = timedelta(minutes=10)
RESEND = timedelta(seconds=60)
MOST_MISSED = 5
MISSES_COUNT = timedelta(minutes=10)
# Without 0, O, 1 and I, which people mix up: 30 bits, five guesses of each account in ten minutes.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
LENGTH = 6
SHOWN_DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Whom a code is asked for: by id, or as people call the account."""

    platform: str
    id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkWanted:
    """Who wants to be one with `typed`, the account that typed the code.

    `is_meant`: the code was asked for by this account's id, or by its own name. `was_shown`: it has
    read who asks. `place` is where the other side asked, empty where that is not known.
    """

    by: Identity
    typed: Identity
    is_meant: bool
    was_shown: bool
    place: EntityId

    @property
    def number(self) -> str:
        """What the asking side types to say that it has read the id."""
        return self.typed.user_id[-SHOWN_DIGITS:]


class IdentityCodes:
    def __init__(self, edit: Edit) -> None:
        self._edit = edit
        self._connection = edit.connection

    def ask(self, one: Identity, target: Target, *, at: EntityId, call: str) -> str:
        """The code to be typed there. Called again for the same call it makes another one.

        Raises:
            Rejected: 409, there is an account of that platform already; 429, too soon.
        """
        linked = Identities(self._edit).of(one)
        if any(other.platform == target.platform for other in linked):
            raise Rejected(
                409, "LINKED", f"You have an account on {target.platform} linked already."
            )
        code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        made = self._connection.execute(
            """
            INSERT INTO identity_codes AS known (code_hash, platform, user_id, name, login,
                entity_id, target_platform, target_id, target_name, asked_by)
            VALUES (%(hash)s, %(platform)s, %(user)s, %(name)s, %(login)s,
                %(entity)s, %(target)s, %(target_id)s, %(target_name)s, %(call)s)
            ON CONFLICT (platform, user_id) DO UPDATE SET code_hash = EXCLUDED.code_hash,
                name = EXCLUDED.name, login = EXCLUDED.login, entity_id = EXCLUDED.entity_id,
                target_platform = EXCLUDED.target_platform, target_id = EXCLUDED.target_id,
                target_name = EXCLUDED.target_name, asked_by = EXCLUDED.asked_by,
                asked_id = '', asked_name = '', asked_login = '', agreed_at = NULL,
                attempts = 0, created_at = now()
            WHERE known.created_at < now() - %(resend)s OR known.asked_by = EXCLUDED.asked_by
            """,
            {
                "hash": _hashed(code),
                "platform": one.platform,
                "user": one.user_id,
                "name": one.name,
                "login": one.login,
                "entity": at,
                "target": target.platform,
                "target_id": target.id,
                "target_name": plain(target.name),
                "call": call,
                "resend": RESEND,
            },
        ).rowcount
        if not made:
            wait = int(RESEND.total_seconds())
            raise Rejected(429, "TOO_SOON", f"You got a code just now. Ask again in {wait} s.")
        return code

    def find(self, code: str, one: Identity, *, has_own_name: bool) -> LinkWanted | None:
        """Whose code it is, if it may be for this account, which holds it from now on.

        `has_own_name`: where accounts have a name of their own, whoever is neither called nor shown
        as it was asked for is not meant. Without one anybody may hold it, and is asked about.

        What is wrong counts against the account that typed it, and against no code: for that to
        stand nothing is raised but

        Raises:
            Rejected: 429, this account has typed too much that is none.
        """
        self._check_guesses(one)
        row = self._connection.execute(
            """
            SELECT * FROM identity_codes
            WHERE code_hash = %(hash)s AND target_platform = %(platform)s
                AND created_at > now() - %(life)s
            FOR UPDATE
            """,
            {"hash": _hashed(code), "platform": one.platform, "life": LIFE},
        ).fetchone()
        if row is None or not _may_hold(row, one, has_own_name=has_own_name):
            self._miss(one)
            return None
        if row["asked_id"] != one.user_id:
            self._hold(row["code_hash"], one)
        return _asked(row, one)

    def agree(self, asked: LinkWanted) -> None:
        """The account that typed the code is sure; it is up to the asking side now."""
        self._connection.execute(
            """
            UPDATE identity_codes SET agreed_at = now()
            WHERE platform = %(platform)s AND user_id = %(user)s AND asked_id = %(typed)s
            """,
            {**_of(asked.by), "typed": asked.typed.user_id},
        )

    def waiting(self, one: Identity) -> LinkWanted | None:
        """Who has typed this account's code, is sure, and waits for its yes."""
        row = self._connection.execute(
            """
            SELECT * FROM identity_codes
            WHERE platform = %(platform)s AND user_id = %(user)s AND asked_id <> ''
                AND agreed_at > now() - %(life)s
            FOR UPDATE
            """,
            {**_of(one), "life": LIFE},
        ).fetchone()
        if row is None:
            return None
        typed = Identity(
            platform=row["target_platform"],
            user_id=row["asked_id"],
            name=row["asked_name"],
            login=row["asked_login"],
        )
        return _asked(row, typed)

    def forget(self, one: Identity) -> bool:
        """This account asks for nothing any more; whether it did."""
        gone = self._connection.execute(
            "DELETE FROM identity_codes WHERE platform = %(platform)s AND user_id = %(user)s",
            _of(one),
        )
        return gone.rowcount > 0

    def _hold(self, code_hash: bytes, one: Identity) -> None:
        self._connection.execute(
            """
            UPDATE identity_codes SET asked_id = %(user)s, asked_name = %(name)s,
                asked_login = %(login)s, agreed_at = NULL
            WHERE code_hash = %(hash)s
            """,
            {**_of(one), "name": one.name, "login": one.login, "hash": code_hash},
        )

    def _check_guesses(self, one: Identity) -> None:
        row = self._connection.execute(
            """
            SELECT missed FROM identity_guesses
            WHERE platform = %(platform)s AND user_id = %(user)s
                AND since > now() - %(count)s AND missed >= %(most)s
            """,
            {**_of(one), "count": MISSES_COUNT, "most": MOST_MISSED},
        ).fetchone()
        if row is not None:
            minutes = int(MISSES_COUNT.total_seconds() // 60)
            raise Rejected(
                429,
                "TOO_MANY_GUESSES",
                f"You typed {MOST_MISSED} codes that are none. Try again in {minutes} minutes.",
            )

    def _miss(self, one: Identity) -> None:
        self._connection.execute(
            """
            INSERT INTO identity_guesses AS known (platform, user_id)
            VALUES (%(platform)s, %(user)s)
            ON CONFLICT (platform, user_id) DO UPDATE SET
                missed = CASE WHEN known.since > now() - %(count)s THEN known.missed + 1 ELSE 1 END,
                since = CASE WHEN known.since > now() - %(count)s THEN known.since ELSE now() END
            """,
            {**_of(one), "count": MISSES_COUNT},
        )


def _asked(row: Mapping[str, Any], typed: Identity) -> LinkWanted:
    by = Identity(
        platform=row["platform"], user_id=row["user_id"], name=row["name"], login=row["login"]
    )
    return LinkWanted(
        by=by,
        typed=typed,
        is_meant=_is_meant(row, typed),
        was_shown=row["asked_id"] == typed.user_id,
        place=EntityId(row["entity_id"]),
    )


def _is_meant(row: Mapping[str, Any], one: Identity) -> bool:
    if row["target_id"]:
        return bool(row["target_id"] == one.user_id)
    return bool(one.login) and bool(row["target_name"] == one.login)


def _may_hold(row: Mapping[str, Any], one: Identity, *, has_own_name: bool) -> bool:
    """Whoever is meant, in any case; else the first of those who may be."""
    if _is_meant(row, one):
        return True
    if row["asked_id"] not in {"", one.user_id}:
        return False
    if row["target_id"]:  # a name of digits looks like an id
        return bool(row["target_id"] == one.login)
    return not has_own_name or row["target_name"] == plain(one.name)


def _of(one: Identity) -> dict[str, Any]:
    return {"platform": one.platform, "user": one.user_id}


def plain(name: str) -> str:
    return name.strip().removeprefix("@").lower()


def _hashed(code: str) -> bytes:
    return hashlib.sha256(code.strip().upper().encode()).digest()
