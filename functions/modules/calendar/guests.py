"""Who comes to an event. Whoever writes here holds the event's row: seats are given one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from functions.modules.calendar.accounts import of_both, of_mine, of_people
from functions.modules.calendar.people import Guest, keep_later, read_later
from waddlebot.domain.events import Later
from waddlebot.stores.postgres import Connection


class Coming(StrEnum):
    """What somebody answered; `WAITING` is a yes for which no seat was free."""

    YES = "attending"
    WAITING = "waiting"
    MAYBE = "maybe"
    NO = "not_attending"

    @property
    def is_coming(self) -> bool:
        """At least perhaps."""
        return self is not Coming.NO


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """`number` is the event's."""

    event_id: int
    number: int
    platform: str
    user_id: str
    user_name: str
    coming: Coming
    later: Later
    joined_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many people answered what."""

    yes: int
    waiting: int
    maybe: int
    no: int


class Guests:
    """The table `event_attendees`; works in the transaction of its connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def answer(self, event_id: int, guest: Guest, coming: Coming, *, seats: int | None) -> Coming:
        """What it came to: a yes waits where all seats are taken.

        It takes the place of what this person answered with other accounts. The same answer again,
        with whichever account, changes no place in the waiting list.
        """
        if coming is Coming.YES and not self._has_seat(event_id, guest, seats):
            coming = Coming.WAITING
        self._connection.execute(
            of_mine("""
            , gone AS (
                DELETE FROM event_attendees AS other USING mine
                WHERE event_id = %(event)s
                  AND (other.platform, other.user_id) = (mine.platform, mine.user_id)
                  AND (other.platform, other.user_id) <> (%(platform)s, %(user)s)
                RETURNING status, joined_at)
            INSERT INTO event_attendees AS kept (event_id, platform, user_id, user_name, status,
                way_back, joined_at)
            VALUES (%(event)s, %(platform)s, %(user)s, %(name)s, %(status)s, %(way_back)s::jsonb,
                coalesce((SELECT min(joined_at) FROM gone WHERE status = %(status)s),
                    clock_timestamp()))
            ON CONFLICT (event_id, platform, user_id) DO UPDATE
            SET user_name = EXCLUDED.user_name, status = EXCLUDED.status, told = true,
                way_back = EXCLUDED.way_back,
                joined_at = CASE WHEN kept.status = EXCLUDED.status
                    THEN least(kept.joined_at, EXCLUDED.joined_at) ELSE EXCLUDED.joined_at END
            """),
            {
                "event": event_id,
                "platform": guest.platform,
                "user": guest.id,
                "name": guest.name,
                "status": coming,
                "way_back": keep_later(guest.later),
            },
        )
        return coming

    def move_up(self, event_id: int, *, seats: int | None) -> list[Attendance]:
        """Who waited longest has the seats that are free; each is still to be told."""
        free = None if seats is None else max(0, seats - self.count(event_id).yes)
        rows = self._connection.execute(
            of_people("""
            UPDATE event_attendees
            SET status = 'attending', told = false, joined_at = clock_timestamp()
            WHERE id IN (SELECT id FROM people WHERE status = 'waiting'
                         ORDER BY joined_at, id LIMIT %(free)s)
            RETURNING *, (SELECT number FROM events WHERE events.id = event_id)
            """),
            {"event": event_id, "free": free},
        )
        return [_attendance(row) for row in rows]

    def tell(self, event_id: int, platform: str, user_id: str) -> bool:
        """Whether this person moved up, still comes, and was not told."""
        told = self._connection.execute(
            """
            UPDATE event_attendees SET told = true
            WHERE event_id = %s AND platform = %s AND user_id = %s
              AND status = 'attending' AND NOT told
            """,
            (event_id, platform, user_id),
        )
        return told.rowcount == 1

    def count(self, event_id: int) -> Tally:
        statement = of_people("SELECT status, count(*) AS people FROM people GROUP BY status")
        rows = self._connection.execute(statement, {"event": event_id}).fetchall()
        people = {row["status"]: int(row["people"]) for row in rows}
        return Tally(**{one.name.lower(): people.get(one, 0) for one in Coming})

    def names(self, event_id: int, coming: Coming, limit: int) -> list[str]:
        """Of those who answered so first."""
        statement = of_people("""
            SELECT user_name FROM people WHERE status = %(status)s
            ORDER BY joined_at, id LIMIT %(limit)s
            """)
        values = {"event": event_id, "status": coming, "limit": limit}
        rows = self._connection.execute(statement, values).fetchall()
        return [row["user_name"] for row in rows]

    def who_may_come(self, event_id: int) -> list[Attendance]:
        """All but those who said no; whoever answered first is first."""
        rows = self._connection.execute(
            of_people("""
            SELECT people.*, number FROM people JOIN events ON events.id = event_id
            WHERE people.status <> 'not_attending' ORDER BY joined_at, people.id
            """),
            {"event": event_id},
        )
        return [_attendance(row) for row in rows]

    def find(self, event_id: int, platform: str, user_id: str) -> Attendance | None:
        """What counts for this person, with whichever account they answered."""
        row = self._connection.execute(
            of_both("""
            SELECT people.*, number FROM people JOIN mine USING (platform, user_id)
            JOIN events ON events.id = event_id
            """),
            {"event": event_id, "platform": platform, "user": user_id},
        ).fetchone()
        return _attendance(row) if row else None

    def people_of(self, *accounts: tuple[str, str]) -> dict[tuple[str, str], int]:
        """Platform and id of all accounts that are linked to these: which are one person's."""
        platforms, user_ids = zip(*accounts, strict=True)
        rows = self._connection.execute(
            "SELECT * FROM linked_accounts(%s, %s)", ([*platforms], [*user_ids])
        )
        return {(row["platform"], row["user_id"]): row["person_id"] for row in rows}

    def place_in_line(self, waiting: Attendance) -> int:
        """The first who waits is 1."""
        statement = of_people("""
            SELECT count(*) AS before FROM people
            WHERE status = 'waiting' AND joined_at < %(since)s
            """)
        values = {"event": waiting.event_id, "since": waiting.joined_at}
        (row,) = self._connection.execute(statement, values).fetchall()
        return int(row["before"]) + 1

    def list_of(self, community: int, platform: str, user_id: str) -> list[Attendance]:
        """All answers of this account in this community."""
        rows = self._connection.execute(
            """
            SELECT event_attendees.*, number FROM event_attendees
            JOIN events ON events.id = event_id
            WHERE community_id = %s AND event_attendees.platform = %s AND user_id = %s
            ORDER BY event_id
            """,
            (community, platform, user_id),
        )
        return [_attendance(row) for row in rows]

    def remove(self, event_id: int, platform: str, user_id: str) -> None:
        self._connection.execute(
            "DELETE FROM event_attendees WHERE event_id = %s AND platform = %s AND user_id = %s",
            (event_id, platform, user_id),
        )

    def _has_seat(self, event_id: int, guest: Guest, seats: int | None) -> bool:
        """Nobody waits while a seat is free: whoever freed one moved them up."""
        if seats is None:
            return True
        statement = of_both("""
            SELECT count(*) AS others FROM people
            WHERE status = 'attending'
              AND (platform, user_id) NOT IN (SELECT platform, user_id FROM mine)
            """)
        values = {"event": event_id, "platform": guest.platform, "user": guest.id}
        (row,) = self._connection.execute(statement, values).fetchall()
        return int(row["others"]) < seats


def _attendance(row: Mapping[str, Any]) -> Attendance:
    return Attendance(
        event_id=row["event_id"],
        number=row["number"],
        platform=row["platform"],
        user_id=row["user_id"],
        user_name=row["user_name"],
        coming=Coming(row["status"]),
        later=read_later(row["way_back"]),
        joined_at=row["joined_at"],
    )
