"""What a community keeps. Every statement names its community: nobody reads another's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString

from functions.modules.memories.categories import Categories
from functions.modules.memories.finding import MATCHES, NEAR, ON_THIS_DAY, asked, days_of
from functions.modules.memories.kept import (
    Draft,
    Memory,
    MemoryKind,
    Page,
    WantedMemories,
    memory_of,
)
from functions.modules.memories.people import Somebody
from functions.modules.memories.private_notes import PrivateNotes
from functions.modules.memories.reactions import Reactions
from functions.modules.memories.reminders import Reminders
from waddlebot.stores.postgres import Connection, Jsonb
from waddlebot_sdk.times.moments import in_zone

PARTS = ("title", "content", "author", "url", "game", "tags", "category")


class Memories:
    """The tables `memories` and `memory_numbers`; the others have stores of their own.

    Works in the transaction of its connection and neither commits nor rolls back.
    """

    def __init__(self, connection: Connection) -> None:
        self.categories = Categories(connection)
        self.private_notes = PrivateNotes(connection)
        self.reactions = Reactions(connection)
        self.reminders = Reminders(connection)
        self._connection = connection

    def keep(
        self, community: int, draft: Draft, *, by: Somebody, at: datetime | None = None
    ) -> Memory | None:
        """Kept under the community's next number; None where that line is kept already."""
        return self._find(
            """
            WITH given AS (
                INSERT INTO memory_numbers AS numbers (community_id, series, last)
                VALUES (%(community)s, 'memories', 1)
                ON CONFLICT (community_id, series) DO UPDATE SET last = numbers.last + 1
                RETURNING last)
            INSERT INTO memories (community_id, number, kind, title, content, url, author, tags,
                                  game, message, said_by, address, said_at,
                                  platform, created_by, created_by_name, created_at)
            SELECT %(community)s, last, %(kind)s, %(title)s, %(content)s, %(url)s, %(author)s,
                   %(tags)s::text[], %(game)s, %(message)s, %(said_by)s, %(address)s,
                   %(said_at)s::timestamptz, %(platform)s, %(by)s, %(by_name)s,
                   coalesce(%(at)s::timestamptz, now())
            FROM given
            ON CONFLICT (community_id, platform, message) WHERE message <> '' AND is_active
                DO NOTHING
            RETURNING *
            """,
            community=community,
            kind=draft.kind,
            title=draft.title,
            content=draft.content,
            url=draft.url,
            author=draft.author,
            tags=list(draft.tags),
            game=draft.game,
            message=draft.message,
            said_by=draft.said_by,
            address=draft.address,
            said_at=draft.said_at,
            platform=by.platform,
            by=by.id,
            by_name=by.name,
            at=at,
        )

    def keep_new(
        self, community: int, quotes: Sequence[Draft], *, by: Somebody, at: datetime
    ) -> list[int]:
        """The numbers of those that were kept: of two with the same words one, and none that is
        here already.
        """
        rows = [
            {
                "content": one.content,
                "author": one.author,
                "game": one.game,
                "said_at": one.said_at.isoformat() if one.said_at else None,
            }
            for one in quotes
        ]
        found = self._connection.execute(
            """
            WITH told AS (
                SELECT DISTINCT ON (lower(content)) * FROM ROWS FROM (
                    jsonb_to_recordset(%(rows)s)
                        AS (content text, author text, game text, said_at timestamptz)
                ) WITH ORDINALITY AS one (content, author, game, said_at, turn)
                WHERE NOT EXISTS (
                    SELECT FROM memories WHERE community_id = %(community)s AND is_active
                        AND kind = 'quote' AND lower(memories.content) = lower(one.content))
                ORDER BY lower(content), turn
            ), given AS (
                INSERT INTO memory_numbers AS numbers (community_id, series, last)
                SELECT %(community)s, 'memories', count(*) FROM told
                ON CONFLICT (community_id, series) DO UPDATE SET last = numbers.last + EXCLUDED.last
                RETURNING last)
            INSERT INTO memories (community_id, number, kind, content, author, game, said_at,
                                  platform, created_by, created_by_name, created_at)
            SELECT %(community)s,
                   last - (SELECT count(*) FROM told) + row_number() OVER (ORDER BY turn),
                   'quote', content, author, game, said_at, %(platform)s, %(by)s, %(by_name)s,
                   %(at)s
            FROM told, given
            RETURNING number
            """,
            {
                "rows": Jsonb(rows),
                "community": community,
                "platform": by.platform,
                "by": by.id,
                "by_name": by.name,
                "at": at,
            },
        ).fetchall()
        return sorted(row["number"] for row in found)

    def find(self, community: int, number: int) -> Memory | None:
        return self._find(
            """
            SELECT * FROM memories
            WHERE community_id = %(community)s AND number = %(number)s AND is_active
            """,
            community=community,
            number=number,
        )

    def find_line(self, community: int, platform: str, message: str) -> Memory | None:
        """The quote that this line of chat is, by the platform's id of it."""
        return self._find(
            """
            SELECT * FROM memories
            WHERE community_id = %(community)s AND platform = %(platform)s
              AND message = %(message)s AND message <> '' AND is_active
            """,
            community=community,
            platform=platform,
            message=message,
        )

    def was_kept(self, community: int, platform: str, message: str) -> bool:
        """Whether this line is a quote, or was one that a moderator put away."""
        row = self._connection.execute(
            """
            SELECT FROM memories WHERE community_id = %s AND platform = %s AND message = %s LIMIT 1
            """,
            (community, platform, message),
        ).fetchone()
        return row is not None

    def show(self, community: int, number: int, kind: MemoryKind | None = None) -> Memory | None:
        """The one with this number, counted as shown once more."""
        return self._find(
            """
            UPDATE memories SET usage_count = usage_count + 1
            WHERE community_id = %(community)s AND number = %(number)s AND is_active
              AND kind = coalesce(%(kind)s, kind)
            RETURNING *
            """,
            community=community,
            number=number,
            kind=kind,
        )

    def show_any(self, community: int, wanted: WantedMemories) -> Memory | None:
        """One of those that are wanted, by chance, counted as shown once more."""
        return self._find(
            f"""
            UPDATE memories SET usage_count = usage_count + 1
            WHERE id = (SELECT id FROM memories WHERE {MATCHES} ORDER BY random() LIMIT 1)
            RETURNING *
            """,  # noqa: S608 - our own words alone stand in it
            **asked(community, wanted),
        )

    def search(self, community: int, wanted: WantedMemories, *, limit: int) -> Page:
        """The newest that have the words, in any form of them, in whatever is told of them."""
        return self._page(
            f"""
            SELECT *, count(*) OVER () AS total FROM memories WHERE {MATCHES}
            ORDER BY number DESC LIMIT %(limit)s
            """,  # noqa: S608 - our own words alone stand in it
            **asked(community, wanted),
            limit=limit,
        )

    def find_near(self, community: int, wanted: WantedMemories) -> Page:
        """The few that have words like these, the likest first; none without words."""
        return self._page(NEAR, **asked(community, wanted))

    def said_on_this_day(self, community: int, now: datetime, zone: str, *, limit: int) -> Page:
        """Quotes of the same day of earlier years, the latest first; days of the community."""
        there = in_zone(now, zone)
        return self._page(
            ON_THIS_DAY,
            community=community,
            zone=str(there.tzinfo),
            days=days_of(there),
            year=f"{there:%Y}",
            limit=limit,
        )

    def change(
        self, community: int, number: int, part: str, value: str | list[str]
    ) -> Memory | None:
        """`part` is one of PARTS, of which `tags` has several values."""
        parts: dict[str, str | list[str] | None] = dict.fromkeys(PARTS)
        return self._find(
            """
            UPDATE memories
            SET title = coalesce(%(title)s, title), content = coalesce(%(content)s, content),
                author = coalesce(%(author)s, author), url = coalesce(%(url)s, url),
                game = coalesce(%(game)s, game), tags = coalesce(%(tags)s::text[], tags),
                category = coalesce(%(category)s, category)
            WHERE community_id = %(community)s AND number = %(number)s AND is_active
            RETURNING *
            """,
            **(parts | {part: value}),
            community=community,
            number=number,
        )

    def put_away(self, community: int, number: int) -> Memory | None:
        """No longer shown or listed; its number is not given again."""
        return self._find(
            """
            UPDATE memories SET is_active = false
            WHERE community_id = %(community)s AND number = %(number)s AND is_active
            RETURNING *
            """,
            community=community,
            number=number,
        )

    def list_added_by(self, community: int, platform: str, user_id: str) -> list[Memory]:
        """All that this person added or said, what was put away too."""
        statement = """
            SELECT * FROM memories
            WHERE community_id = %(community)s AND platform = %(platform)s
              AND (created_by = %(user)s OR said_by = %(user)s) ORDER BY number
            """
        whose = {"community": community, "platform": platform, "user": user_id}
        rows = self._connection.execute(statement, whose).fetchall()
        return [memory_of(row) for row in rows]

    def remove_notes_of(self, community: int, platform: str, user_id: str) -> int:
        """How many notes of this person are gone for good."""
        return self._connection.execute(
            """
            DELETE FROM memories
            WHERE community_id = %s AND platform = %s AND created_by = %s AND kind = 'note'
            """,
            (community, platform, user_id),
        ).rowcount

    def forget_person(self, community: int, platform: str, user_id: str) -> int:
        """How many memories stay without saying who added them, or whose line they were."""
        return self._connection.execute(
            """
            UPDATE memories
            SET author = CASE said_by WHEN %(user)s THEN '' ELSE author END,
                message = CASE said_by WHEN %(user)s THEN '' ELSE message END,
                address = CASE said_by WHEN %(user)s THEN '' ELSE address END,
                said_by = CASE said_by WHEN %(user)s THEN '' ELSE said_by END,
                created_by_name = CASE created_by WHEN %(user)s THEN '' ELSE created_by_name END,
                created_by = CASE created_by WHEN %(user)s THEN '' ELSE created_by END
            WHERE community_id = %(community)s AND platform = %(platform)s
              AND (created_by = %(user)s OR said_by = %(user)s)
            """,
            {"community": community, "platform": platform, "user": user_id},
        ).rowcount

    def _find(self, statement: LiteralString, **values: object) -> Memory | None:
        row = self._connection.execute(statement, values).fetchone()
        return memory_of(row) if row else None

    def _page(self, statement: LiteralString, **values: object) -> Page:
        rows = self._connection.execute(statement, values).fetchall()
        total = rows[0]["total"] if rows else 0
        return Page(memories=tuple(memory_of(row) for row in rows), total=total)
