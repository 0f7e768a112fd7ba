"""Keys of API callers: only their hashes are kept.

An account has one key, or two while one takes over from the other; what it may stands with them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import redis

from waddlebot.domain.entities import CommunityId
from waddlebot.domain.errors import Rejected
from waddlebot.domain.key_texts import PREFIX, new_key_text
from waddlebot.stores.audit_log import Change, note
from waddlebot.stores.identities import Identity
from waddlebot.stores.new_api_keys import NewApiKeys
from waddlebot.stores.postgres import Connection, Postgres
from waddlebot_sdk.roles import Role

COLLECTOR = "collector"
"""The scope that may speak for other users and state their roles."""
ADMIN = "admin"
"""The scope that may decide about dead letters and keys."""
MOST_LIVE = 2
PER_MINUTE_OF_A_PERSON = 60

_HINT_LETTERS = len(PREFIX) + 4
_ID_LETTERS = 12


class AccountKind(StrEnum):
    """Who an account is for (product facts, 18). A module or webhook acts as itself alone."""

    COLLECTOR = "collector"
    MODULE = "module"
    WEBHOOK = "webhook"
    ADMIN = "admin"

    @property
    def scopes(self) -> frozenset[str]:
        return {
            AccountKind.COLLECTOR: frozenset({COLLECTOR}),
            AccountKind.ADMIN: frozenset({COLLECTOR, ADMIN}),
        }.get(self, frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """One of a `community` opens nothing of any other, and there what its `role` may.

    A `person` made it for themselves: it opens what they may, in each community what they are
    there when it is used. `hash` is the key's own, where it was looked up.
    """

    account: str
    scopes: frozenset[str]
    per_minute: int
    kind: AccountKind = AccountKind.MODULE
    expires_at: datetime | None = None
    community: CommunityId | None = None
    role: Role = Role.USER
    person: Identity | None = None
    hash: bytes = field(default=b"", repr=False, compare=False)

    def has_expired(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownKey:
    """What may be told of a key. `id` and `hint` name it and open nothing; `community` by its name.

    `uses` is counted about once a minute by each process that was asked.
    """

    hash: bytes = field(repr=False)
    hint: str
    key: ApiKey
    community: str | None
    created_at: datetime
    created_by: str
    last_used_at: datetime | None
    uses: int

    @property
    def id(self) -> str:
        return id_of(self.hash)

    def is_live(self, now: datetime) -> bool:
        return not self.key.has_expired(now)


def hash_key(text: str) -> bytes:
    """32 bytes. Keys are long and random, so a plain hash is enough."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()


class ApiKeys:
    """Without `cache` a new key works once the replica has it, within moments."""

    def __init__(self, postgres: Postgres, cache: redis.Redis | None = None) -> None:
        self.postgres = postgres
        self._new = NewApiKeys(cache)

    def exists(self, key_hash: bytes) -> bool:
        """Whether the writer need be asked at all: not for what strangers invent.

        One round trip to the replica, and one to the cache server for what is not there.

        Raises:
            Unavailable: no database answers.
        """
        found = self.postgres.read(
            "SELECT 1 FROM api_keys WHERE key_hash = %(hash)s "
            "UNION ALL SELECT 1 FROM user_api_keys WHERE key_hash = %(hash)s",
            {"hash": key_hash},
        )
        return bool(found) or self._new.holds(key_hash)

    def find(self, key_hash: bytes, *, uses: int = 0) -> ApiKey | None:
        """And counts: it was used so many times since it was asked for last. Raises Unavailable."""
        # The writer: a key made a moment ago works at once.
        rows = self.postgres.write(
            """
            WITH ours AS (
                UPDATE api_keys SET last_used_at = now(), uses = uses + %(uses)s
                WHERE key_hash = %(hash)s
                RETURNING account, scopes, per_minute, kind, expires_at, community_id, role
            ), theirs AS (
                UPDATE user_api_keys SET last_used_at = now(), uses = uses + %(uses)s
                WHERE key_hash = %(hash)s RETURNING platform, user_id, user_name, expires_at
            )
            SELECT ours.*, NULL AS platform, NULL AS user_id, NULL AS user_name FROM ours
            UNION ALL
            SELECT platform || ':' || user_id, '{}', %(per_minute)s, 'module', expires_at, NULL,
                'user', platform, user_id, user_name FROM theirs
            """,
            {"hash": key_hash, "uses": uses, "per_minute": PER_MINUTE_OF_A_PERSON},
        )
        return replace(_key(rows[0]), hash=key_hash) if rows else None

    def insert(self, key_hash: bytes, key: ApiKey, *, hint: str = "") -> None:
        """A key that is there already gets these rights. Raises Unavailable."""
        with self.postgres.writer() as connection:
            _insert(connection, key_hash, key, hint=hint, by="")

    def list_all(self) -> list[KnownKey]:
        """By account, the oldest first. Raises Unavailable."""
        rows = self.postgres.write(_EVERY)
        return list(map(_known, rows))

    def make(self, key: ApiKey, *, by: str) -> str:
        """The text of a new account's key, which nobody can ask for again.

        Raises:
            Rejected: 409, the account has a key already.
            Unavailable: nothing was made, or the commit's answer was lost.
        """
        text = new_key_text()
        with self.postgres.writer() as connection:
            if _live_of(connection, key.account):
                raise Rejected(
                    409,
                    "ACCOUNT_EXISTS",
                    f"'{key.account}' has a key. For another one: waddlebot keys rotate "
                    f"{key.account}",
                )
            _insert(connection, hash_key(text), key, hint=text[:_HINT_LETTERS], by=by)
            made = _described(hash_key(text), key)
            note(connection, Change(who=by, action="make key", about=key.account, after=made))
        self._new.announce(hash_key(text))
        return text

    def rotate(self, account: str, *, overlap: timedelta, by: str) -> str:
        """A second key with the rights of the first, which ends after `overlap`.

        Raises:
            Rejected: 404, there is no such account; 409, it has two keys.
            Unavailable: as `make`.
        """
        text = new_key_text()
        with self.postgres.writer() as connection:
            live = _live_of(connection, account)
            if not live:
                raise Rejected(
                    404, "UNKNOWN_ACCOUNT", f"There is no key of '{account}'. See waddlebot keys."
                )
            if len(live) >= MOST_LIVE:
                raise Rejected(
                    409,
                    "TWO_KEYS",
                    f"'{account}' has two keys. End the old one first: waddlebot keys revoke "
                    f"{live[0].id}",
                )
            [old] = live
            now = datetime.now(UTC)
            ends_at = min(now + overlap, old.key.expires_at or now + overlap)
            life = old.key.expires_at - old.created_at if old.key.expires_at else None
            key = replace(old.key, expires_at=now + life if life else None)
            connection.execute(
                "UPDATE api_keys SET expires_at = %(ends)s WHERE key_hash = %(hash)s",
                {"ends": ends_at, "hash": old.hash},
            )
            _insert(connection, hash_key(text), key, hint=text[:_HINT_LETTERS], by=by)
            note(
                connection,
                Change(
                    who=by,
                    action="rotate key",
                    about=account,
                    before={"id": old.id, "ends": ends_at.isoformat()},
                    after=_described(hash_key(text), key),
                ),
            )
        self._new.announce(hash_key(text))
        return text

    def revoke(self, key_id: str, *, by: str) -> KnownKey:
        """Refused everywhere within a minute.

        Raises:
            Rejected: 404, there is no such key; 409, nobody could make keys any more.
            Unavailable: as `make`.
        """
        with self.postgres.writer() as connection:
            known = _locked(connection)
            found = next((one for one in known if one.id == key_id), None)
            if found is None:
                raise Rejected(
                    404, "UNKNOWN_KEY", "There is no such key: already revoked, or never made."
                )
            now = datetime.now(UTC)
            admins = [one for one in known if ADMIN in one.key.scopes and one.is_live(now)]
            if admins == [found]:
                raise Rejected(
                    409,
                    "LAST_ADMIN_KEY",
                    "It is the last key that may make keys. Rotate it instead: waddlebot keys "
                    f"rotate {found.key.account}",
                )
            _end_for_good(connection, found.hash)
            was = {"id": found.id, "hint": found.hint, "kind": found.key.kind.value}
            note(
                connection, Change(who=by, action="revoke key", about=found.key.account, before=was)
            )
        return found


_EVERY = """
    SELECT api_keys.*, communities.name AS community FROM api_keys
    LEFT JOIN communities ON communities.id = community_id ORDER BY account, api_keys.created_at
"""


def id_of(key_hash: bytes) -> str:
    return key_hash.hex()[:_ID_LETTERS]


def _described(key_hash: bytes, key: ApiKey) -> dict[str, Any]:
    return {
        "id": id_of(key_hash),
        "kind": key.kind.value,
        "per_minute": key.per_minute,
        "expires": key.expires_at.isoformat() if key.expires_at else None,
        **({} if key.community is None else {"community": key.community, "role": key.role.value}),
    }


def _locked(connection: Connection) -> list[KnownKey]:
    """All keys; whoever else would change their number waits."""
    connection.execute("LOCK TABLE api_keys IN SHARE ROW EXCLUSIVE MODE")
    rows = connection.execute(_EVERY).fetchall()
    return list(map(_known, rows))


def _live_of(connection: Connection, account: str) -> Sequence[KnownKey]:
    now = datetime.now(UTC)
    return [one for one in _locked(connection) if one.key.account == account and one.is_live(now)]


def _end_for_good(connection: Connection, key_hash: bytes) -> None:
    connection.execute(
        """
        WITH ended AS (DELETE FROM api_keys WHERE key_hash = %(hash)s RETURNING key_hash)
        INSERT INTO revoked_keys (key_hash) SELECT key_hash FROM ended ON CONFLICT DO NOTHING
        """,
        {"hash": key_hash},
    )


def _insert(connection: Connection, key_hash: bytes, key: ApiKey, *, hint: str, by: str) -> None:
    connection.execute(
        """
        INSERT INTO api_keys
            (key_hash, account, scopes, per_minute, kind, hint, created_by, expires_at,
                community_id, role)
        VALUES (%(hash)s, %(account)s, %(scopes)s, %(per_minute)s, %(kind)s, %(hint)s, %(by)s,
            %(expires_at)s, %(community)s, %(role)s)
        ON CONFLICT (key_hash) DO UPDATE SET account = EXCLUDED.account,
            scopes = EXCLUDED.scopes, per_minute = EXCLUDED.per_minute, kind = EXCLUDED.kind
        """,
        {
            "hash": key_hash,
            "account": key.account,
            "scopes": sorted(key.scopes),
            "per_minute": key.per_minute,
            "kind": key.kind.value,
            "hint": hint,
            "by": by,
            "expires_at": key.expires_at,
            "community": key.community,
            "role": key.role.value,
        },
    )


def _known(row: dict[str, Any]) -> KnownKey:
    return KnownKey(
        hash=row["key_hash"],
        hint=row["hint"],
        key=_key(row),
        community=row["community"],
        created_at=row["created_at"],
        created_by=row["created_by"],
        last_used_at=row["last_used_at"],
        uses=row["uses"],
    )


def _key(row: dict[str, Any]) -> ApiKey:
    return ApiKey(
        account=row["account"],
        scopes=frozenset(row["scopes"]),
        per_minute=row["per_minute"],
        kind=AccountKind(row["kind"]),
        expires_at=row["expires_at"],
        community=None if row["community_id"] is None else CommunityId(row["community_id"]),
        role=Role(row["role"]),
        person=_person(row) if row.get("platform") else None,
    )


def _person(row: dict[str, Any]) -> Identity:
    return Identity(platform=row["platform"], user_id=row["user_id"], name=row["user_name"])
