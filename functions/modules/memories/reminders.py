"""What people want to be reminded of: one row here, one in `due` that fires it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from functions.modules.memories.people import Somebody
from functions.modules.memories.repeating import ReminderRhythm
from waddlebot.domain.events import Later
from waddlebot.platforms.mentions import without_marks
from waddlebot.stores.due import Due
from waddlebot.stores.postgres import Connection

MODULE_NAME = "memories"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """`remind_at` is when it comes, or came last; `repeat` is None where it comes once.
    `is_private`: it was asked for where nobody else reads.
    """

    number: int
    entity_id: str
    user_name: str
    words: str
    remind_at: datetime
    due_id: int
    asked_at: datetime
    repeat: ReminderRhythm | None
    is_private: bool


class Reminders:
    """The table `reminders`; works in the transaction of its connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._due = Due(connection)

    def set(
        self,
        community: int,
        entity: str,
        *,
        by: Somebody,
        words: str,
        at: datetime,
        later: Later,
        repeat: ReminderRhythm | None = None,
        instead_of: int = 0,
    ) -> None:
        """Written together with the row that fires it: both are there, or neither. `instead_of` is
        the number of one that comes again, of which this one is said once more.
        """
        number = self._next_number(community)
        self._connection.execute(
            """
            INSERT INTO reminders (community_id, number, entity_id, platform, user_id, user_name,
                                   words, remind_at, due_id, unit, every, first_at, ends_at,
                                   is_private, instead_of)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
            """,
            (
                *(community, number, entity, by.platform, by.id, by.name, words, at),
                self._plan(community, number, at, later),
                repeat.unit if repeat else "",
                repeat.every if repeat else 0,
                repeat.first_at if repeat else None,
                repeat.ends_at if repeat else None,
                later.private,
                instead_of,
            ),
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

    def find_own(self, community: int, person: Somebody, number: int | None) -> Reminder | None:
        """This person's with that number, or without one the last that was said."""
        return self._find(
            """
            SELECT * FROM reminders
            WHERE community_id = %(community)s AND platform = %(platform)s AND user_id = %(user)s
              AND CASE WHEN %(number)s::int IS NULL
                  THEN coalesce(said_at, sent_at) IS NOT NULL ELSE number = %(number)s END
            ORDER BY coalesce(said_at, sent_at) DESC NULLS LAST, number DESC LIMIT 1
            """,
            community=community,
            platform=person.platform,
            user=person.id,
            number=number,
        )

    def find_put_off(self, community: int, person: Somebody, number: int) -> Reminder | None:
        """What stands for one turn of that one, and has not come yet."""
        return self._find(
            """
            SELECT * FROM reminders
            WHERE community_id = %(community)s AND platform = %(platform)s AND user_id = %(user)s
              AND instead_of = %(number)s AND sent_at IS NULL
            ORDER BY number DESC LIMIT 1
            """,
            community=community,
            platform=person.platform,
            user=person.id,
            number=number,
        )

    def mark_said(
        self, community: int, number: int, *, at: datetime, planned: str | None
    ) -> Reminder | None:
        """The reminder that is to be said now; None where it was said, moved or is forgotten.

        `planned` (ISO 8601) is for when it was set as whatever fired it was written; the release
        before tells none.
        """
        return self._find(
            """
            UPDATE reminders SET sent_at = %(at)s, said_at = %(at)s
            WHERE community_id = %(community)s AND number = %(number)s AND sent_at IS NULL
              AND remind_at = coalesce(%(planned)s::timestamptz, remind_at)
            RETURNING *
            """,
            community=community,
            number=number,
            at=at,
            planned=planned,
        )

    def move(self, community: int, number: int, *, at: datetime, later: Later, entity: str) -> None:
        """It comes then and there, whether it was said before or not."""
        self._connection.execute(
            """
            UPDATE reminders SET remind_at = %s, due_id = %s, entity_id = %s, sent_at = NULL,
                is_private = %s
            WHERE community_id = %s AND number = %s
            """,
            (
                *(at, self._plan(community, number, at, later), entity, later.private),
                *(community, number),
            ),
        )

    def cancel_planned(self, community: int, reminder: Reminder) -> None:
        """What would fire it fires no more, or its event finds another time in its place."""
        self._due.cancel(reminder.due_id, MODULE_NAME, community)

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
            self.cancel_planned(community, gone)
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

    def _plan(self, community: int, number: int, at: datetime, later: Later) -> int:
        return self._due.plan(
            community_id=community,
            later=later,
            module=MODULE_NAME,
            at=at,
            data={"reminder": number, "at": at.isoformat()},
        )

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
        repeat=_repeat(row),
        is_private=row["is_private"],
    )


def _repeat(row: Mapping[str, Any]) -> ReminderRhythm | None:
    if not row["unit"]:
        return None
    return ReminderRhythm(
        unit=row["unit"],
        every=row["every"],
        first_at=row["first_at"],
        ends_at=row["ends_at"],
    )
