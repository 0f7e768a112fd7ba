"""Invitations: a word that brings one server or channel into a community, once and for a while."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from waddlebot.domain.entities import CommunityId
from waddlebot.stores.versions import Edit
from waddlebot_sdk.roles import Role

LIFE = timedelta(minutes=10)
MOST_OPEN = 10
# Without 0, O, 1 and I, which people mix up: 40 bits.
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LENGTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """`by` is who made it, as `platform:id`, and `name` how people know them.

    `role` is what they were without having been given it: their platform said so.
    """

    community: CommunityId
    by: str
    name: str = ""
    role: Role = Role.USER


class Invites:
    def __init__(self, edit: Edit) -> None:
        self._edit = edit
        self._connection = edit.connection

    def make(self, invite: Invite) -> str:
        """The code; of the open ones of a community the newest ten are kept."""
        community = invite.community
        code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        self._connection.execute(
            """
            INSERT INTO community_invites
                (code_hash, community_id, invited_by, name, role, expires_at)
            VALUES (%(hash)s, %(community)s, %(by)s, %(name)s, %(role)s, now() + %(life)s)
            """,
            {
                "hash": _hashed(code),
                "community": community,
                "by": invite.by,
                "name": invite.name,
                "role": invite.role.value,
                "life": LIFE,
            },
        )
        self._connection.execute(
            """
            DELETE FROM community_invites WHERE community_id = %(community)s AND code_hash NOT IN (
                SELECT code_hash FROM community_invites WHERE community_id = %(community)s
                ORDER BY expires_at DESC LIMIT %(most)s
            )
            """,
            {"community": community, "most": MOST_OPEN},
        )
        self._edit.note("invite", "a server or channel", community)
        return code

    def find(self, code: str) -> Invite | None:
        """What the code is for, which it stays."""
        row = self._connection.execute(
            """
            SELECT community_id, invited_by, name, role, expires_at > now() AS holds
            FROM community_invites WHERE code_hash = %(hash)s
            """,
            {"hash": _hashed(code)},
        ).fetchone()
        return _invite(row)

    def use(self, code: str) -> Invite | None:
        """What the code is for, which it is no more; None where it is none or has run out."""
        row = self._connection.execute(
            """
            DELETE FROM community_invites WHERE code_hash = %(hash)s
            RETURNING community_id, invited_by, name, role, expires_at > now() AS holds
            """,
            {"hash": _hashed(code)},
        ).fetchone()
        return _invite(row)

    def end_of(self, community: CommunityId, by: str) -> None:
        """All that this account has made there."""
        self._connection.execute(
            """
            DELETE FROM community_invites
            WHERE community_id = %(community)s AND invited_by = %(by)s
            """,
            {"community": community, "by": by},
        )


def _invite(row: Mapping[str, Any] | None) -> Invite | None:
    if row is None or not row["holds"]:
        return None
    return Invite(
        community=CommunityId(row["community_id"]),
        by=row["invited_by"],
        name=row["name"],
        role=Role(row["role"]),
    )


def _hashed(code: str) -> bytes:
    return hashlib.sha256(code.strip().upper().encode()).digest()
