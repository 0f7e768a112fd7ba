"""Goals that stand on a page."""

from __future__ import annotations

from tests.helpers.overlay_front import OverlayFront
from waddlebot.stores.postgres import Postgres


def a_goal(database: Postgres, front: OverlayFront, *, counted: int, title: str = "") -> None:
    database.write(
        """
        INSERT INTO goals VALUES (%(community)s, 'subs', 50, %(title)s, %(counted)s)
        ON CONFLICT (community_id, what) DO UPDATE SET counted = excluded.counted
        """,
        {"community": front.community, "title": title, "counted": counted},
    )
