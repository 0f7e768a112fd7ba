"""What a deed shows on overlays, or takes away; pages that look now are told after the commit."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from waddlebot.domain.accounts import Account
from waddlebot.domain.entities import CommunityId
from waddlebot.domain.event_list import forgetting
from waddlebot.domain.overlay_pushes import STANDING, life_of
from waddlebot.domain.overlays import OverlaySource
from waddlebot.stores.postgres import Connection
from waddlebot.stores.record_rows import push_rows
from waddlebot.stores.versions import Edit


def push(
    edit: Edit,
    community: CommunityId,
    source: OverlaySource,
    content: Mapping[str, Any],
    *,
    call: str,
    now: datetime,
) -> None:
    """Behind all that was pushed there; once for each `call` and source, however often it comes.

    `content` is a response as the specification words it, or a control of the house.
    """
    row = {
        "nth": 0,
        "community_id": community,
        "source": source.value,
        "execution_id": call,
        "position": list(OverlaySource).index(source),
        "content": content,
        "made_at": now,
        "expires_at": now + life_of(source, content),
    }
    edit.pushed += push_rows(edit.connection, [row])


def expire_pushes(edit: Edit, community: CommunityId, source: OverlaySource, now: datetime) -> None:
    """No page shows them any more; they stay as long as others, so that none is pushed again.

    What a moderator said of the page as a whole holds: it is held or dark until they say otherwise.
    """
    edit.connection.execute(
        """
        UPDATE overlay_pushes SET expires_at = %(now)s
        WHERE community_id = %(community)s AND source = %(source)s AND expires_at > %(now)s
            AND NOT (content @> '{"response_action": "control"}'
                AND content ->> 'control' = ANY(%(holding)s))
        """,
        {
            "community": community,
            "source": source.value,
            "now": now,
            "holding": sorted(STANDING - {"clear"}),
        },
    )


def unlist_events(edit: Edit, community: CommunityId) -> None:
    """None that was is listed any more."""
    edit.connection.execute(
        """
        UPDATE overlay_pushes SET content = content - 'listed'
        WHERE community_id = %(community)s AND content ? 'listed'
        """,
        {"community": community},
    )


def shown_of(connection: Connection, account: Account) -> list[CommunityId]:
    """Where events of theirs stand."""
    rows = connection.execute(
        """
        SELECT DISTINCT community_id FROM overlay_pushes
        WHERE content ? 'listed' AND content ->> 'listed' = %(key)s
        """,
        {"key": account.key},
    )
    return [CommunityId(row["community_id"]) for row in rows]


def forget_shown(edit: Edit, community: CommunityId, key: str, *, now: datetime) -> None:
    """Nothing of them stands there any more, nor on open pages; `key` is their account's."""
    call = f"forget-{uuid.uuid4().hex}"
    push(edit, community, OverlaySource.GENERAL, forgetting(key), call=call, now=now)
