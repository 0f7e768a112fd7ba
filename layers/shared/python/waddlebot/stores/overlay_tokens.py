"""Tokens of overlays' addresses: of each its hash alone.

A token is made of the house's key, the community, the source and the generation: it is shown again
without being kept, and who reads the database makes none.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from waddlebot.domain.entities import CommunityId
from waddlebot.domain.overlays import OverlaySource
from waddlebot.stores.overlays import hash_token, is_token
from waddlebot.stores.postgres import Connection, Postgres


class OverlayTokens:
    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres

    def community_of(self, token: str, source: OverlaySource, now: datetime) -> CommunityId | None:
        """Whose this source is, None where nobody's: whatever is wrong with what looks like a token
        costs the same look-up of its hash.

        Raises Unavailable.
        """
        if not is_token(token):
            return None
        rows = self._postgres.write(
            """
            SELECT community_id FROM overlay_tokens
            WHERE source = %(source)s AND (token_hash = %(hash)s
                OR (previous_hash = %(hash)s AND previous_until > %(now)s))
            """,
            {"hash": hash_token(token), "source": source, "now": now},
        )
        return CommunityId(rows[0]["community_id"]) if rows else None


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayAddress:
    """`token` is empty where it cannot be shown again: it was made of a key that is gone."""

    source: OverlaySource
    generation: int
    token: str = field(repr=False)

    @property
    def path(self) -> str:
        """From the root of the house."""
        return f"/{self.token}/{self.source}"


def has_any(connection: Connection, community: CommunityId) -> bool:
    """Whether a source of it has an address. Raises Unavailable."""
    found = connection.execute(
        "SELECT 1 FROM overlay_tokens WHERE community_id = %(community)s LIMIT 1",
        {"community": community},
    )
    return found.fetchone() is not None


class CommunityTokens:
    """Those of one community, in a change under way; `key` is the house's. `made` are the sources
    that got their first address in it.

    Every method raises Unavailable.
    """

    def __init__(self, connection: Connection, community: CommunityId, key: bytes) -> None:
        self._connection = connection
        self._community = community
        self._key = key
        self.made: list[OverlaySource] = []

    def find(self, sources: Sequence[OverlaySource]) -> list[OverlayAddress]:
        """In their order; one that has no address yet gets its first."""
        there = self._rows(sources)
        if missing := [one for one in sources if one not in there]:
            self._add(missing)
        return self.those_there(sources)

    def those_there(self, sources: Sequence[OverlaySource]) -> list[OverlayAddress]:
        """Of these in their order; what has no address yet is left out, and gets none."""
        there = self._rows(sources)
        return [self._address(one, *there[one]) for one in sources if one in there]

    def rotate(self, source: OverlaySource, *, call: str, until: datetime) -> OverlayAddress:
        """The next one; what was the address works `until` then. Again for the same `call` it is
        the same, and one that another rotation had left a while ends at once.
        """
        [known] = self.find([source])
        row = self._connection.execute(
            """
            SELECT generation, rotated_by FROM overlay_tokens
            WHERE community_id = %(community)s AND source = %(source)s FOR UPDATE
            """,
            self._of(source),
        ).fetchone()
        if row is None or (call and row["rotated_by"] == call):
            return known
        generation = int(row["generation"]) + 1
        token = self._token(source, generation)
        self._connection.execute(
            """
            UPDATE overlay_tokens SET generation = %(generation)s, token_hash = %(hash)s,
                previous_hash = token_hash, previous_until = %(until)s, rotated_by = %(call)s
            WHERE community_id = %(community)s AND source = %(source)s
            """,
            {
                **self._of(source),
                "generation": generation,
                "hash": hash_token(token),
                "until": until,
                "call": call,
            },
        )
        # The one token that a community had for all sources opens this one too.
        self._connection.execute(
            """
            UPDATE overlay_state SET token_until = %(until)s WHERE community_id = %(community)s
                AND token_hash IS NOT NULL AND token_until IS NULL
            """,
            {"community": self._community, "until": until},
        )
        return OverlayAddress(source=source, generation=generation, token=token)

    def _rows(self, sources: Sequence[OverlaySource]) -> Mapping[OverlaySource, tuple[int, bytes]]:
        rows = self._connection.execute(
            """
            SELECT source, generation, token_hash FROM overlay_tokens
            WHERE community_id = %(community)s AND source = ANY(%(sources)s)
            """,
            {"community": self._community, "sources": [one.value for one in sources]},
        )
        return {
            OverlaySource(row["source"]): (row["generation"], bytes(row["token_hash"]))
            for row in rows
        }

    def _add(self, sources: Sequence[OverlaySource]) -> None:
        self.made += sources
        self._connection.execute(
            """
            INSERT INTO overlay_tokens (community_id, source, token_hash)
            SELECT %(community)s, * FROM unnest(%(sources)s::text[], %(hashes)s::bytea[])
            ON CONFLICT DO NOTHING
            """,
            {
                "community": self._community,
                "sources": [one.value for one in sources],
                "hashes": [hash_token(self._token(one, 1)) for one in sources],
            },
        )

    def _address(self, source: OverlaySource, generation: int, known: bytes) -> OverlayAddress:
        token = self._token(source, generation)
        is_known = hmac.compare_digest(hash_token(token), known)
        return OverlayAddress(source=source, generation=generation, token=token if is_known else "")

    def _token(self, source: OverlaySource, generation: int) -> str:
        return make_token(self._key, self._community, source, generation)

    def _of(self, source: OverlaySource) -> dict[str, object]:
        return {"community": self._community, "source": source.value}


def make_token(key: bytes, community: CommunityId, source: OverlaySource, generation: int) -> str:
    """32 bytes in base64 as it stands in an address."""
    about = f"overlay\0{community}\0{source}\0{generation}"
    made = hmac.digest(key, about.encode(), "sha256")
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()
