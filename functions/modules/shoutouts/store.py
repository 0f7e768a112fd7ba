"""What a community keeps of shoutouts. Every statement names its community."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from functions.modules.shoutouts.blocks import ShoutoutBlocks
from functions.modules.shoutouts.kept import ShoutoutFriend, ShoutoutGiven
from functions.modules.shoutouts.streamers import StreamerNamed
from waddlebot.domain.entities import CommunityId
from waddlebot.stores.on_air import is_on_air
from waddlebot.stores.postgres import Connection
from waddlebot_sdk import User

MOST_KEPT = 500
A_RAID_EACH = timedelta(hours=1)
NATIVE_APART, NATIVE_EACH = timedelta(minutes=2), timedelta(minutes=60)
"""Twitch's own: one in a channel, and one for a person there."""


class Shoutouts:
    """Works in the transaction of its connection and neither commits nor rolls back."""

    def __init__(self, connection: Connection) -> None:
        self.blocks = ShoutoutBlocks(connection)
        self._connection = connection

    def raid_from(self, community: int) -> int:
        """Raids of so many viewers are answered; 0: none is."""
        row = self._connection.execute(
            "SELECT raid_from FROM shoutout_settings WHERE community_id = %s", (community,)
        ).fetchone()
        return int(row["raid_from"]) if row else 0

    def set_raid_from(self, community: int, viewers: int) -> None:
        self.lock(community)
        self._connection.execute(
            "UPDATE shoutout_settings SET raid_from = %s WHERE community_id = %s",
            (viewers, community),
        )

    def lock(self, community: int) -> None:
        """Nobody else changes this community's list or settings until this transaction ends."""
        self._connection.execute(
            "INSERT INTO shoutout_settings (community_id) VALUES (%s) ON CONFLICT DO NOTHING",
            (community,),
        )
        self._connection.execute(
            "SELECT FROM shoutout_settings WHERE community_id = %s FOR UPDATE", (community,)
        )

    def list_friends(self, community: int) -> list[ShoutoutFriend]:
        """By name."""
        rows = self._connection.execute(
            """
            SELECT friend.*, (
                SELECT count(*) FROM shoutouts_given AS given
                WHERE given.community_id = friend.community_id
                    AND CASE WHEN friend.user_id = '' THEN given.login = friend.login
                        ELSE given.user_id = friend.user_id END
            ) AS times
            FROM shoutout_friends AS friend WHERE community_id = %s ORDER BY login, id
            """,
            (community,),
        )
        return [_friend(row) for row in rows]

    def find_friend(self, community: int, streamer: StreamerNamed) -> ShoutoutFriend | None:
        """By id; by login whom Twitch did not say the id of, then or now."""
        row = self._connection.execute(
            """
            SELECT *, 0 AS times FROM shoutout_friends
            WHERE community_id = %(community)s AND (
                (user_id = %(id)s AND user_id <> '')
                OR (login = %(login)s AND '' IN (user_id, %(id)s))
            )
            ORDER BY user_id = %(id)s DESC, id DESC LIMIT 1
            """,
            {"community": community, "id": streamer.id, "login": streamer.login},
        ).fetchone()
        return _friend(row) if row else None

    def keep_friend(self, community: int, streamer: StreamerNamed) -> tuple[ShoutoutFriend, bool]:
        """`(friend, whether that is new)`, after `lock`; known by what Twitch says now."""
        known = self.find_friend(community, streamer)
        if known is None:
            row = self._connection.execute(
                """
                INSERT INTO shoutout_friends (community_id, user_id, login, name)
                VALUES (%s, %s, %s, %s) RETURNING *, 0 AS times
                """,
                (community, streamer.id, streamer.login, streamer.name),
            ).fetchone()
            assert row is not None  # noqa: S101 - it was made
            return _friend(row), True
        self.note_name(known, streamer)
        return known, False

    def note_name(self, friend: ShoutoutFriend, streamer: StreamerNamed) -> None:
        """What Twitch calls them now, where it says that."""
        if streamer.id:
            self._connection.execute(
                "UPDATE shoutout_friends SET user_id = %s, login = %s, name = %s WHERE id = %s",
                (streamer.id, streamer.login, streamer.name, friend.id),
            )

    def set_said(self, friend: ShoutoutFriend, said: str) -> None:
        """Empty: the usual."""
        self._connection.execute(
            "UPDATE shoutout_friends SET said = %s WHERE id = %s", (said, friend.id)
        )

    def remove_friend(self, friend: ShoutoutFriend) -> None:
        self._connection.execute("DELETE FROM shoutout_friends WHERE id = %s", (friend.id,))

    def take_raid(self, community: int, streamer: StreamerNamed, now: datetime) -> bool:
        """Whether this raid is answered: one an hour of each person, also of two at one moment."""
        row = self._connection.execute(
            """
            INSERT INTO shoutout_raids AS known (community_id, user_id, answered_at)
            VALUES (%(community)s, %(id)s, %(now)s)
            ON CONFLICT (community_id, user_id) DO UPDATE SET answered_at = EXCLUDED.answered_at
            WHERE known.answered_at <= %(before)s
            RETURNING true AS taken
            """,
            {
                "community": community,
                "id": streamer.id,
                "now": now,
                "before": now - A_RAID_EACH,
            },
        ).fetchone()
        return row is not None

    def is_off_air(self, community: int) -> bool:
        """False also where nobody looks at its channel."""
        return is_on_air(self._connection, CommunityId(community)) is False

    def may_be_native(
        self, community: int, entity: str, streamer: StreamerNamed, now: datetime
    ) -> bool:
        """Whether Twitch's own shoutout has rested long enough there, as far as we gave it."""
        row = self._connection.execute(
            """
            SELECT FROM shoutouts_given
            WHERE community_id = %(community)s AND entity_id = %(entity)s AND is_native
                AND (given_at > %(apart)s OR (user_id = %(id)s AND given_at > %(each)s))
            LIMIT 1
            """,
            {
                "community": community,
                "entity": entity,
                "id": streamer.id,
                "apart": now - NATIVE_APART,
                "each": now - NATIVE_EACH,
            },
        ).fetchone()
        return row is None

    def note_given(
        self,
        community: int,
        entity: str,
        streamer: StreamerNamed,
        *,
        by: User | None,
        platform: str,
        is_native: bool,
        now: datetime,
    ) -> None:
        """`by` is None of a raid. The oldest goes where there are more than are kept."""
        self._connection.execute(
            """
            INSERT INTO shoutouts_given (community_id, entity_id, user_id, login, name, game,
                is_raid, is_native, by_platform, by_id, by_name, given_at)
            VALUES (%(community)s, %(entity)s, %(id)s, %(login)s, %(name)s, %(game)s,
                %(is_raid)s, %(is_native)s, %(platform)s, %(by)s, %(by_name)s, %(now)s)
            """,
            {
                "community": community,
                "entity": entity,
                "id": streamer.id,
                "login": streamer.login,
                "name": streamer.name,
                "game": streamer.game,
                "is_raid": by is None,
                "is_native": is_native,
                "platform": platform if by else "",
                "by": by.id if by else "",
                "by_name": by.name if by else "",
                "now": now,
            },
        )
        self._connection.execute(
            """
            DELETE FROM shoutouts_given WHERE community_id = %(community)s AND id <= (
                SELECT id FROM shoutouts_given WHERE community_id = %(community)s
                ORDER BY id DESC OFFSET %(kept)s LIMIT 1)
            """,
            {"community": community, "kept": MOST_KEPT},
        )

    def list_given(self, community: int) -> Sequence[ShoutoutGiven]:
        """The newest first."""
        rows = self._connection.execute(
            "SELECT * FROM shoutouts_given WHERE community_id = %s ORDER BY id DESC", (community,)
        )
        return [
            ShoutoutGiven(
                name=row["name"],
                game=row["game"],
                is_raid=row["is_raid"],
                by_name=row["by_name"],
                at=row["given_at"],
            )
            for row in rows
        ]

    def told_of(self, community: int, platform: str, user_id: str) -> list[dict[str, Any]]:
        """All rows about this account, by whatever made them."""
        asked = {"community": community, "platform": platform, "id": user_id}
        friends = self._connection.execute(
            f"SELECT name, said FROM shoutout_friends WHERE {_MINE}",  # noqa: S608 - all is ours
            asked,
        ).fetchall()
        gotten = self._connection.execute(
            f"SELECT name, game, given_at FROM shoutouts_given WHERE {_MINE} ORDER BY id",  # noqa: S608 - all is ours
            asked,
        ).fetchall()
        given = self._connection.execute(
            f"SELECT name, given_at FROM shoutouts_given WHERE {_BY_ME} ORDER BY id",  # noqa: S608 - all is ours
            asked,
        ).fetchall()
        raids = self._connection.execute(
            f"SELECT answered_at FROM shoutout_raids WHERE {_RAIDED}",  # noqa: S608 - all is ours
            asked,
        ).fetchall()
        return [
            *({"kind": "friend", "name": one["name"], "text": one["said"]} for one in friends),
            *(
                {
                    "kind": "shoutout",
                    "name": one["name"],
                    "game": one["game"],
                    "at": one["given_at"].isoformat(),
                }
                for one in gotten
            ),
            *(
                {"kind": "given", "to": one["name"], "at": one["given_at"].isoformat()}
                for one in given
            ),
            *({"kind": "raid", "at": one["answered_at"].isoformat()} for one in raids),
        ]

    def forget(self, community: int, platform: str, user_id: str) -> int:
        """How many rows went, or lost their person."""
        asked = {"community": community, "platform": platform, "id": user_id}
        gone = 0
        for statement in (
            f"DELETE FROM shoutout_friends WHERE {_MINE}",  # noqa: S608 - all is ours
            f"DELETE FROM shoutouts_given WHERE {_MINE}",  # noqa: S608 - all is ours
            f"DELETE FROM shoutout_raids WHERE {_RAIDED}",  # noqa: S608 - all is ours
            f"UPDATE shoutouts_given SET {_NOBODY} WHERE {_BY_ME}",  # noqa: S608 - all is ours
        ):
            gone += self._connection.execute(statement, asked).rowcount
        return gone


_MINE = """community_id = %(community)s AND %(platform)s = 'twitch' AND (user_id = %(id)s
    OR (user_id = '' AND known_login(%(community)s, 'twitch', login) = %(id)s))"""
_RAIDED = "community_id = %(community)s AND %(platform)s = 'twitch' AND user_id = %(id)s"
_NOBODY = "by_platform = '', by_id = '', by_name = ''"
_BY_ME = "community_id = %(community)s AND by_platform = %(platform)s AND by_id = %(id)s"


def _friend(row: dict[str, Any]) -> ShoutoutFriend:
    return ShoutoutFriend(
        id=row["id"],
        user_id=row["user_id"],
        login=row["login"],
        name=row["name"],
        said=row["said"],
        times=row["times"],
    )
