"""What people want to be reminded of: one row here, one in `due` that fires it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from functions.modules.memories.people import Somebody
from waddlebot.domain.events import Later
from waddlebot.platforms.mentions import without_marks
from waddlebot.stores.due import Due
from waddlebot.stores.postgres import Connection

MODULE_NAME = "memories"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    number: int
    entity_id: str
    user_name: str
    words: str
    remind_at: datetime
    due_id: int
    asked_at: datetime


class Reminders:
    """The table `reminders`; works in the transaction of its connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._due = Due(connection)

    def set(
        self, community: int, entity: str, *, by: Somebody, words: str, at: datetime, later: Later
    ) -> None:
        """Written together with the row that fires it: both are there, or neither."""
        number = self._next_number(community)
        due = self._due.plan(
            community_id=community,
            later=later,
            module=MODULE_NAME,
            at=at,
            data={"reminder": number},
        )
        self._connection.execute(
            """
            INSERT INTO reminders (community_id, number, entity_id, platform, user_id, user_name,
                                   words, remind_at, due_id)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
            """,
            (community, number, entity, by.platform, by.id, by.name, words, at, due),
        )

    def list_open(self, community: int, person: Somebody) -> list[Reminder]:
        """What this person still waits for, the next one first."""
        statement = """
            SELECT * FROM reminders
            WHERE community_id = %s AND platform = %s AND user_id = %s AND sent_at IS NULL
            ORDER BY remind_at, number
            """
        rows = self._connection.execute(
            statement, (community, person.platform, person.id)
        ).fetchall()
        return [_reminder(row) for row in rows]

    def list_all(self, community: int, platform: str, user_id: str) -> list[Reminder]:
        """Those that were said too."""
        statement = """
            SELECT * FROM reminders
            WHERE community_id = %s AND platform = %s AND user_id = %s ORDER BY number
            """
        rows = self._connection.execute(statement, (community, platform, user_id)).fetchall()
        return [_reminder(row) for row in rows]

    def mark_sent(self, community: int, number: int, *, at: datetime) -> Reminder | None:
        """The reminder that is to be said now; None where it was said or is forgotten."""
        return self._find(
            """
            UPDATE reminders SET sent_at = %(at)s
            WHERE community_id = %(community)s AND number = %(number)s AND sent_at IS NULL
            RETURNING *
            """,
            community=community,
            number=number,
            at=at,
        )

    def forget(self, community: int, number: int, person: Somebody) -> Reminder | None:
        """This person's open reminder, which is not said any more."""
        gone = self._find(
            """
            DELETE FROM reminders
            WHERE community_id = %(community)s AND number = %(number)s AND sent_at IS NULL
              AND platform = %(platform)s AND user_id = %(user)s
            RETURNING *
            """,
            community=community,
            number=number,
            platform=person.platform,
            user=person.id,
        )
        if gone:
            self._due.cancel(gone.due_id, MODULE_NAME, community)
        return gone

    def remove_all(self, community: int, platform: str, user_id: str) -> int:
        """How many reminders of this person are gone, the said ones too."""
        statement = """
            DELETE FROM reminders WHERE community_id = %s AND platform = %s AND user_id = %s
            RETURNING due_id
            """
        gone = self._connection.execute(statement, (community, platform, user_id)).fetchall()
        for row in gone:
            self._due.cancel(row["due_id"], MODULE_NAME, community)
        return len(gone)

    def _next_number(self, community: int) -> int:
        statement = """
            INSERT INTO memory_numbers AS numbers (community_id, series, last)
            VALUES (%s, 'reminders', 1)
            ON CONFLICT (community_id, series) DO UPDATE SET last = numbers.last + 1
            RETURNING last
            """
        (row,) = self._connection.execute(statement, (community,)).fetchall()
        return int(row["last"])

    def _find(self, statement: LiteralString, **values: object) -> Reminder | None:
        row = self._connection.execute(statement, values).fetchone()
        return _reminder(row) if row else None


def _reminder(row: Mapping[str, Any]) -> Reminder:
    return Reminder(
        number=row["number"],
        entity_id=row["entity_id"],
        user_name=row["user_name"],
        words=without_marks(row["words"], now=row["remind_at"]),
        remind_at=row["remind_at"],
        due_id=row["due_id"],
        asked_at=row["created_at"],
    )
