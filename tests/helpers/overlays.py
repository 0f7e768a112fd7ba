"""Overlays as OBS asks for them."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from functions.overlay import handler as overlay
from waddlebot.domain.entities import CommunityId
from waddlebot.stores.overlays import hash_token
from waddlebot.stores.postgres import Connection


def give_token_of_all(connection: Connection, community: CommunityId, token: str) -> None:
    """As addresses were made before each source had its own: under one token for all of them."""
    connection.execute(
        """
        INSERT INTO overlay_state (community_id, token_hash) VALUES (%(community)s, %(hash)s)
        ON CONFLICT (community_id) DO UPDATE SET token_hash = EXCLUDED.token_hash
        """,
        {"community": community, "hash": hash_token(token)},
    )


def a_token(of: str) -> str:
    """Another one of each text, as they look in addresses."""
    return base64.urlsafe_b64encode(hashlib.sha256(of.encode()).digest()).rstrip(b"=").decode()


MASTER = "d2FkZGxlYm90d2FkZGxlYm90d2FkZGxlYm90d2FkZGw="


def gets(token: str, source: str, file: str = "", *, is_old: bool = False) -> dict[str, Any]:
    """The page of a source or a file below it, as API Gateway asks for it."""
    at = "/overlay/{token}/{source}" if is_old else f"/{{token}}/{source}"
    path = {"token": token, **({"source": source} if is_old else {}), "file": file}
    return overlay.handler(
        {"routeKey": f"GET {at}{'/{file}' if file else ''}", "pathParameters": path}, None
    )
