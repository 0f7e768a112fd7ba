"""Who is never recommended, by whatever account of theirs somebody was told to leave out."""

from __future__ import annotations

from functions.modules.shoutouts.streamers import TWITCH, StreamerNamed
from waddlebot.stores.postgres import Connection

_MEANT = """community_id = %(community)s AND (
    (platform = 'twitch' AND (
        (user_id = %(id)s AND user_id <> '')
        OR (login = %(login)s AND login <> '' AND '' IN (user_id, %(id)s))
    ))
    OR (platform, user_id) IN (
        SELECT platform, user_id FROM linked_accounts(ARRAY['twitch'], ARRAY[%(id)s::text])
        WHERE %(id)s <> ''
    )
)"""
"""By id where both are known, else by login; and by an account on another platform."""

_MINE = """community_id = %(community)s AND platform = %(platform)s AND (user_id = %(id)s
    OR (user_id = '' AND known_login(%(community)s, platform, login) = %(id)s))"""
"""Who was blocked while Twitch said no id is whoever was seen under that login."""


class ShoutoutBlocks:
    """The table `shoutout_blocks`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def is_blocked(self, community: int, streamer: StreamerNamed) -> bool:
        row = self._connection.execute(
            f"SELECT FROM shoutout_blocks WHERE {_MEANT} LIMIT 1",
            _columns(community, streamer),
        ).fetchone()
        return row is not None

    def block(self, community: int, streamer: StreamerNamed) -> None:
        self.add(community, TWITCH, streamer.id, streamer.login, "blocked")

    def add(self, community: int, platform: str, user_id: str, login: str, why: str) -> None:
        """By what is known of them; what is not is empty."""
        self._connection.execute(
            """
            INSERT INTO shoutout_blocks (community_id, platform, user_id, login, why)
            VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
            """,
            (community, platform, user_id, login, why),
        )

    def unblock(self, community: int, streamer: StreamerNamed) -> bool:
        """False where nobody had said so."""
        gone = self._connection.execute(
            f"DELETE FROM shoutout_blocks WHERE {_MEANT}",  # noqa: S608 - all is ours
            _columns(community, streamer),
        )
        return gone.rowcount > 0

    def count_of(self, community: int, platform: str, user_id: str) -> int:
        row = self._connection.execute(
            f"SELECT count(*) AS number FROM shoutout_blocks WHERE {_MINE}",  # noqa: S608 - all is ours
            {"community": community, "platform": platform, "id": user_id},
        ).fetchone()
        return int(row["number"]) if row else 0

    def drop_names(self, community: int, platform: str, user_id: str) -> None:
        """Whoever is forgotten stays blocked, by a number that says nothing else of them."""
        gone = self._connection.execute(
            f"DELETE FROM shoutout_blocks WHERE {_MINE} RETURNING why",  # noqa: S608 - all is ours
            {"community": community, "platform": platform, "id": user_id},
        ).fetchall()
        if gone:
            self.add(community, platform, user_id, "", max(one["why"] for one in gone))


def _columns(community: int, streamer: StreamerNamed) -> dict[str, object]:
    return {"community": community, "id": streamer.id, "login": streamer.login}
