"""What a community is told once and never again."""

from __future__ import annotations

from waddlebot.domain.entities import CommunityId
from waddlebot.stores.versions import Edit


def note_moderators_hinted(edit: Edit, community: CommunityId) -> bool:
    """That its moderators were told how to name a channel; False where they were told before."""
    noted = edit.connection.execute(
        """
        UPDATE communities SET moderators_hinted_at = clock_timestamp()
        WHERE id = %(id)s AND moderators_hinted_at IS NULL
        """,
        {"id": community},
    )
    edit.touch([community])
    return bool(noted.rowcount)
