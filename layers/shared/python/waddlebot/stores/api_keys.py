"""Keys of API callers: only their hashes are kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from waddlebot.stores.postgres import Postgres

COLLECTOR = "collector"
"""The scope that may speak for other users and state their roles."""
ADMIN = "admin"
"""The scope that may decide about dead letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    account: str
    scopes: frozenset[str]
    per_minute: int


def hash_key(text: str) -> bytes:
    """32 bytes. Keys are long and random, so a plain hash is enough."""
    return hashlib.sha256(text.encode()).digest()


class ApiKeys:
    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres

    def find(self, key_hash: bytes) -> ApiKey | None:
        """Raises Unavailable."""
        # The writer: a key made a moment ago works at once.
        rows = self._postgres.write(
            "SELECT account, scopes, per_minute FROM api_keys WHERE key_hash = %(hash)s",
            {"hash": key_hash},
        )
        return next(
            (
                ApiKey(
                    account=row["account"],
                    scopes=frozenset(row["scopes"]),
                    per_minute=row["per_minute"],
                )
                for row in rows
            ),
            None,
        )

    def insert(self, key_hash: bytes, key: ApiKey) -> None:
        """A key that is there already gets these rights. Raises Unavailable."""
        self._postgres.write(
            """
            INSERT INTO api_keys (key_hash, account, scopes, per_minute)
            VALUES (%(hash)s, %(account)s, %(scopes)s, %(per_minute)s)
            ON CONFLICT (key_hash) DO UPDATE SET account = EXCLUDED.account,
                scopes = EXCLUDED.scopes, per_minute = EXCLUDED.per_minute
            """,
            {
                "hash": key_hash,
                "account": key.account,
                "scopes": sorted(key.scopes),
                "per_minute": key.per_minute,
            },
        )
