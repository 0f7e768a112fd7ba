"""What a community keeps. Every statement names its community: nobody reads another's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, LiteralString

from functions.modules.memories.people import Somebody
from functions.modules.memories.reminders import Reminders
from waddlebot.platforms.mentions import without_marks
from waddlebot.stores.postgres import Connection


class MemoryKind(StrEnum):
    QUOTE = "quote"
    URL = "url"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """`created_by_name` is empty where the person who added it was forgotten."""

    number: int
    kind: MemoryKind
    title: str
    content: str
    url: str
    author: str
    created_by_name: str
    usage_count: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What somebody wants to keep; it has no number yet."""

    kind: MemoryKind
    title: str = ""
    content: str = ""
    url: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The first memories found, and how many there are in all."""

    memories: tuple[Memory, ...]
    total: int


class Memories:
    """The tables `memories` and `memory_numbers`; reminders have a store of their own.

    Works in the transaction of its connection and neither commits nor rolls back.
    """

    def __init__(self, connection: Connection) -> None:
        self.reminders = Reminders(connection)
        self._connection = connection

    def keep(self, community: int, draft: Draft, *, by: Somebody) -> Memory:
        """Kept under the community's next number."""
        return self._load(
            """
            WITH given AS (
                INSERT INTO memory_numbers AS numbers (community_id, series, last)
                VALUES (%(community)s, 'memories', 1)
                ON CONFLICT (community_id, series) DO UPDATE SET last = numbers.last + 1
                RETURNING last)
            INSERT INTO memories (community_id, number, kind, title, content, url, author,
                                  platform, created_by, created_by_name)
            SELECT %(community)s, last, %(kind)s, %(title)s, %(content)s, %(url)s, %(author)s,
                   %(platform)s, %(by)s, %(by_name)s
            FROM given
            RETURNING *
            """,
            community=community,
            kind=draft.kind,
            title=draft.title,
            content=draft.content,
            url=draft.url,
            author=draft.author,
            platform=by.platform,
            by=by.id,
            by_name=by.name,
        )

    def find(self, community: int, number: int) -> Memory | None:
        return self._find(
            """
            SELECT * FROM memories
            WHERE community_id = %(community)s AND number = %(number)s AND is_active
            """,
            community=community,
            number=number,
        )

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

    def show_any(self, community: int, kind: MemoryKind, words: str = "") -> Memory | None:
        """One of this kind that has the words in it, by chance, counted as shown once more."""
        return self._find(
            """
            UPDATE memories SET usage_count = usage_count + 1
            WHERE id = (SELECT id FROM memories
                        WHERE community_id = %(community)s AND kind = %(kind)s AND is_active
                          AND strpos(searchable, lower(%(words)s)) > 0
                        ORDER BY random() LIMIT 1)
            RETURNING *
            """,
            community=community,
            kind=kind,
            words=words,
        )

    def search(
        self, community: int, words: str = "", *, kind: MemoryKind | None = None, limit: int
    ) -> Page:
        """The newest that have the words in title, content, author or address, in any case."""
        statement = """
            SELECT *, count(*) OVER () AS total FROM memories
            WHERE community_id = %(community)s AND is_active
              AND kind = coalesce(%(kind)s, kind) AND strpos(searchable, lower(%(words)s)) > 0
            ORDER BY number DESC LIMIT %(limit)s
            """
        asked = {"community": community, "words": words, "kind": kind, "limit": limit}
        rows = self._connection.execute(statement, asked).fetchall()
        total = rows[0]["total"] if rows else 0
        return Page(memories=tuple(_memory(row) for row in rows), total=total)

    def change(self, community: int, number: int, part: str, value: str) -> Memory | None:
        """`part` is `title`, `content`, `author` or `url`."""
        parts: dict[str, str | None] = dict.fromkeys(("title", "content", "author", "url"))
        return self._find(
            """
            UPDATE memories
            SET title = coalesce(%(title)s, title), content = coalesce(%(content)s, content),
                author = coalesce(%(author)s, author), url = coalesce(%(url)s, url)
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
        """All that this person added, what was put away too."""
        statement = """
            SELECT * FROM memories
            WHERE community_id = %s AND platform = %s AND created_by = %s ORDER BY number
            """
        rows = self._connection.execute(statement, (community, platform, user_id)).fetchall()
        return [_memory(row) for row in rows]

    def remove_notes_of(self, community: int, platform: str, user_id: str) -> int:
        """How many notes of this person are gone for good."""
        return self._connection.execute(
            """
            DELETE FROM memories
            WHERE community_id = %s AND platform = %s AND created_by = %s AND kind = 'note'
            """,
            (community, platform, user_id),
        ).rowcount

    def forget_who_added(self, community: int, platform: str, user_id: str) -> int:
        """How many memories of this person stay without saying whose they were."""
        return self._connection.execute(
            """
            UPDATE memories SET created_by = '', created_by_name = ''
            WHERE community_id = %s AND platform = %s AND created_by = %s
            """,
            (community, platform, user_id),
        ).rowcount

    def _find(self, statement: LiteralString, **values: object) -> Memory | None:
        row = self._connection.execute(statement, values).fetchone()
        return _memory(row) if row else None

    def _load(self, statement: LiteralString, **values: object) -> Memory:
        found = self._find(statement, **values)
        if found is None:
            raise LookupError("the statement returned no row")
        return found


def _memory(row: Mapping[str, Any]) -> Memory:
    """Releases before kept what chat programs write for a time, a label or an emoji."""
    return Memory(
        number=row["number"],
        kind=MemoryKind(row["kind"]),
        title=without_marks(row["title"], now=row["created_at"]),
        content=without_marks(row["content"], now=row["created_at"]),
        url=row["url"],
        author=without_marks(row["author"], now=row["created_at"]),
        created_by_name=row["created_by_name"],
        usage_count=row["usage_count"],
        created_at=row["created_at"],
    )
