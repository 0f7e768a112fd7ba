"""What a community's overlay pages show, and the address that they have."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from waddlebot.domain.entities import CommunityId
from waddlebot.stores.postgres import Postgres

MOST_PUSHES = 100
_TOKEN = re.compile("[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")
"""32 bytes in base64, of which the last sign holds four bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedPush:
    """`content` is the response as the spec words it.

    `before` is the number of the push before it of the same source, 0 where that is not known.
    `goals` are all of the community with what they have come to, as `state` has them; None where
    that is not told with it.
    """

    number: int
    source: str
    content: Mapping[str, Any]
    made_at: datetime
    expires_at: datetime
    before: int = 0
    goals: Sequence[Mapping[str, Any]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayState:
    """`last` is the highest number given out, shown here or not.

    `chat_since` is from when on lines of chat are shown, None where none are. `goals` are `{"what",
    "target", "title", "count"}` each, by then. `events` are the last `lines` of them, the newest
    first; None: they are not listed.
    """

    last: int
    pushes: tuple[NumberedPush, ...]
    chat_since: datetime | None = None
    goals: Sequence[Mapping[str, Any]] = ()
    events: Sequence[NumberedPush] = ()
    lines: int | None = None


class Overlays:
    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres

    def community_of(self, token: str, now: datetime) -> CommunityId | None:
        """Whose all sources are under one token, as addresses were before each had its own.

        Raises Unavailable.
        """
        if not is_token(token):
            return None
        rows = self._postgres.write(
            """
            SELECT community_id FROM overlay_state
            WHERE token_hash = %(hash)s AND coalesce(token_until > %(now)s, true)
            """,
            {"hash": hash_token(token), "now": now},
        )
        return CommunityId(rows[0]["community_id"]) if rows else None

    def state(
        self, community: CommunityId, source: str, *, after: int, now: datetime
    ) -> OverlayState:
        """What this source shows after that number, in order; nothing where nothing was pushed.

        Numbers are given out in the order of commits, so nothing turns up behind `last`.

        Raises:
            Unavailable: the writer does not answer.
        """
        rows = self._postgres.write(
            """
            SELECT coalesce(last_number, 0) AS last_number, number, content, made_at, expires_at,
                is_listed, lines, since AS chat_since, (
                    SELECT jsonb_agg(jsonb_build_object('what', what, 'target', target,
                        'title', title, 'count', counted) ORDER BY what)
                    FROM goals WHERE goals.community_id = communities.id
                ) AS goals
            FROM communities LEFT JOIN overlay_state ON overlay_state.community_id = communities.id
            LEFT JOIN chat_boxes ON chat_boxes.community_id = communities.id
            LEFT JOIN event_lists ON event_lists.community_id = communities.id
            LEFT JOIN LATERAL (
                (
                    SELECT number, content, made_at, expires_at, false AS is_listed
                    FROM overlay_pushes WHERE overlay_pushes.community_id = communities.id
                        AND number > %(after)s AND source = %(source)s AND expires_at > %(now)s
                    ORDER BY number LIMIT %(most)s
                ) UNION ALL (
                    SELECT number, content, made_at, expires_at, true
                    FROM overlay_pushes WHERE overlay_pushes.community_id = communities.id
                        AND content ? 'listed' AND source = %(source)s
                    ORDER BY number DESC LIMIT coalesce(lines, 0)
                )
            ) AS pushes ON true
            WHERE communities.id = %(community)s
            ORDER BY number
            """,
            {
                "community": community,
                "source": source,
                "after": after,
                "now": now,
                "most": MOST_PUSHES,
            },
        )
        if not rows:
            return OverlayState(last=0, pushes=())
        numbered = [row for row in rows if row["number"] is not None]
        pushes = tuple(_push(row, source) for row in numbered if not row["is_listed"])
        events = [_push(row, source) for row in reversed(numbered) if row["is_listed"]]
        last = pushes[-1].number if len(pushes) == MOST_PUSHES else rows[0]["last_number"]
        return OverlayState(
            last=last,
            pushes=pushes,
            chat_since=rows[0]["chat_since"],
            goals=rows[0]["goals"] or (),
            events=events,
            lines=rows[0]["lines"],
        )


def _push(row: Mapping[str, Any], source: str) -> NumberedPush:
    return NumberedPush(
        number=row["number"],
        source=source,
        content=row["content"],
        made_at=row["made_at"],
        expires_at=row["expires_at"],
    )


def is_token(text: str) -> bool:
    """Whether it looks like one. Nothing else was ever given out: whatever people and robots try in
    its place costs no look-up.
    """
    return _TOKEN.fullmatch(text) is not None


def hash_token(token: str) -> bytes:
    """32 bytes. Tokens are long and random, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).digest()
