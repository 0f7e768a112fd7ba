"""What is said before an event begins. Of what comes back the next date is planned, never more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec

from functions.modules.calendar.gathering import Gathering, GatheringStatus
from functions.modules.calendar.people import MODULE_NAME
from waddlebot.domain.events import Later
from waddlebot.stores.due import Due
from waddlebot.stores.postgres import Connection

BEFORE = (timedelta(days=1), timedelta(hours=1), timedelta(minutes=15), timedelta())


@dataclass(frozen=True, slots=True, kw_only=True)
class EventReminder:
    """`before` is how long before the date; nothing is when it begins."""

    date: datetime
    before: timedelta

    @property
    def at(self) -> datetime:
        return self.date - self.before

    def to_data(self) -> dict[str, str | int]:
        return {"date": self.date.isoformat(), "before": int(self.before.total_seconds())}

    @classmethod
    def from_data(cls, date: str, before: int) -> EventReminder:
        at = datetime.fromisoformat(date)
        return cls(date=at.astimezone(UTC), before=timedelta(seconds=before))


class EventReminders:
    """The table `event_reminders`; works in the transaction of its connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._due = Due(connection)

    def plan_anew(self, gathering: Gathering, *, now: datetime) -> None:
        """Those of its next date, each together with the row that fires it, and no others."""
        self.drop(gathering)
        if gathering.status is not GatheringStatus.APPROVED:
            return
        for before in BEFORE:
            reminder = EventReminder(date=gathering.at, before=before)
            if reminder.at > now:
                self._plan(gathering, reminder)

    def drop(self, gathering: Gathering) -> None:
        """What was not said yet."""
        gone = self._connection.execute(
            """
            DELETE FROM event_reminders WHERE event_id = %s AND sent_at IS NULL RETURNING due_id
            """,
            (gathering.id,),
        ).fetchall()
        for row in gone:
            self._due.cancel(row["due_id"], MODULE_NAME, gathering.community)

    def mark_sent(self, gathering: Gathering, reminder: EventReminder, *, at: datetime) -> bool:
        """Whether it is to be said now: it was not, and is still planned."""
        marked = self._connection.execute(
            """
            UPDATE event_reminders SET sent_at = %s
            WHERE event_id = %s AND event_date = %s AND reminder_time = %s AND sent_at IS NULL
            """,
            (at, gathering.id, reminder.date, reminder.at),
        )
        return marked.rowcount == 1

    def _plan(self, gathering: Gathering, reminder: EventReminder) -> None:
        due = self._due.plan(
            community_id=gathering.community,
            later=_in_place(gathering.later),
            module=MODULE_NAME,
            at=reminder.at,
            data={"event": gathering.number, "news": "reminder", **reminder.to_data()},
        )
        self._connection.execute(
            """
            INSERT INTO event_reminders (event_id, event_date, reminder_time, due_id)
            VALUES (%s, %s, %s, %s)
            ON CONFLICT (event_id, event_date, reminder_time) DO UPDATE
            SET due_id = EXCLUDED.due_id, sent_at = NULL
            """,
            (gathering.id, reminder.date, reminder.at, due),
        )


def _in_place(later: Later) -> Later:
    """For everybody there; what was planned in private talk stays there."""
    return later if later.private else msgspec.structs.replace(later, user=None)
