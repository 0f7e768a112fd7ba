"""What a community plans. Every statement names its community: nobody reads another's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, LiteralString

from functions.modules.calendar.accounts import of_mine
from functions.modules.calendar.feeds import FeedAddresses
from functions.modules.calendar.gathering import Changes, Gathering, GatheringStatus, read_gathering
from functions.modules.calendar.guests import Guests
from functions.modules.calendar.people import MODULE_NAME, Guest, keep_later
from functions.modules.calendar.recurrence import SeriesDate
from functions.modules.calendar.reminders import EventReminders
from functions.modules.calendar.typed import Invitation
from waddlebot.domain.events import Later
from waddlebot.stores.due import Due
from waddlebot.stores.postgres import Connection


class Gatherings:
    """The tables `events` and `event_numbers`; who comes has a store of its own.

    Works in the transaction of its connection and neither commits nor rolls back.
    """

    def __init__(self, connection: Connection) -> None:
        self.guests = Guests(connection)
        self.reminders = EventReminders(connection)
        self.feeds = FeedAddresses(connection)
        self._connection = connection
        self._due = Due(connection)

    def keep(
        self,
        community: int,
        entity: str,
        invitation: Invitation,
        *,
        by: Guest,
        status: GatheringStatus,
        now: datetime,
    ) -> Gathering:
        """Kept under the community's next number."""
        series = invitation.series
        return self._planned(
            """
            WITH given AS (
                INSERT INTO event_numbers AS numbers (community_id, last)
                VALUES (%(community)s, 1)
                ON CONFLICT (community_id) DO UPDATE SET last = numbers.last + 1
                RETURNING last)
            INSERT INTO events (community_id, number, entity_id, title, description, location,
                event_date, max_attendees, status, platform, created_by, created_by_name, way_back,
                recurring_pattern, first_date, time_zone, recurring_end_date)
            SELECT %(community)s, last, %(entity)s, %(title)s, %(about)s, %(place)s, %(at)s,
                %(seats)s, %(status)s, %(platform)s, %(by)s, %(by_name)s, %(way_back)s::jsonb,
                %(rule)s, %(first)s, %(zone)s, %(end)s
            FROM given
            RETURNING *
            """,
            community=community,
            entity=entity,
            title=invitation.title,
            about=invitation.about,
            place=invitation.place,
            at=invitation.at,
            seats=invitation.seats,
            status=status,
            platform=by.platform,
            by=by.id,
            by_name=by.name,
            way_back=keep_later(by.later),
            rule=series.rule if series else "",
            first=series.first if series else None,
            zone=series.zone if series else "UTC",
            end=series.end if series else None,
            now=now,
        )

    def find(self, community: int, number: int, *, now: datetime) -> Gathering | None:
        return self._find(
            "SELECT * FROM events WHERE community_id = %(community)s AND number = %(number)s",
            community=community,
            number=number,
            now=now,
        )

    def hold(self, community: int, number: int, *, now: datetime) -> Gathering | None:
        """Nobody else changes it or who comes until this transaction ends."""
        return self._find(
            """
            SELECT * FROM events WHERE community_id = %(community)s AND number = %(number)s
            FOR UPDATE
            """,
            community=community,
            number=number,
            now=now,
        )

    def coming_up(
        self, community: int, *, now: datetime, status: GatheringStatus, limit: int
    ) -> list[Gathering]:
        """What has not begun, the next one first."""
        statement = """
            SELECT * FROM events
            WHERE community_id = %s AND status = %s AND coalesce(recurring_end_date,
                CASE WHEN recurring_pattern = '' THEN event_date ELSE 'infinity' END) > %s
            ORDER BY event_date, number LIMIT %s
            """
        rows = self._connection.execute(statement, (community, status, now, limit)).fetchall()
        found = (one for one in self._read(rows, now) if one.at > now)
        return sorted(found, key=lambda one: (one.at, one.number))

    def for_feed(
        self, community: int, *, since: datetime, limit: int, person: tuple[str, str] | None = None
    ) -> list[Gathering]:
        """What was approved, and cancelled since: programs forget nothing by themselves.

        What is furthest ahead comes first, what is cancelled last. Of a `person`, platform and id,
        it is what they come to, with whichever of their accounts.
        """
        platform, user_id = person or ("", "")
        rows = self._connection.execute(
            of_mine("""
            SELECT events.* FROM events
            CROSS JOIN LATERAL (SELECT coalesce(recurring_end_date, CASE WHEN recurring_pattern = ''
                THEN event_date ELSE 'infinity' END) AS ends) AS whole
            WHERE community_id = %(community)s AND status IN ('approved', 'cancelled')
              AND ends > %(since)s
              AND (%(user)s = '' OR EXISTS (
                SELECT FROM mine JOIN event_attendees AS guests USING (platform, user_id)
                WHERE guests.event_id = events.id AND guests.status <> 'not_attending'))
            ORDER BY events.status = 'cancelled', ends DESC, number DESC LIMIT %(limit)s
            """),
            {
                "community": community,
                "since": since,
                "limit": limit,
                "platform": platform,
                "user": user_id,
            },
        ).fetchall()
        return self._read(rows, since)

    def count_open(self, community: int, *, now: datetime) -> int:
        """How many have not begun, those that wait for a moderator too."""
        statement = """
            SELECT count(*) AS open FROM events
            WHERE community_id = %s AND status IN ('pending', 'approved')
              AND coalesce(recurring_end_date,
                CASE WHEN recurring_pattern = '' THEN event_date ELSE 'infinity' END) > %s
            """
        (row,) = self._connection.execute(statement, (community, now)).fetchall()
        return int(row["open"])

    def count_pending_of(
        self, community: int, person: Guest, *, now: datetime, besides: int = 0
    ) -> int:
        """How many, drafts too; the one with the number `besides` left out."""
        statement = """
            SELECT count(*) AS open FROM events
            WHERE community_id = %s AND platform = %s AND created_by = %s AND number <> %s
              AND status IN ('pending', 'draft') AND coalesce(recurring_end_date,
                CASE WHEN recurring_pattern = '' THEN event_date ELSE 'infinity' END) > %s
            """
        values = (community, person.platform, person.id, besides, now)
        (row,) = self._connection.execute(statement, values).fetchall()
        return int(row["open"])

    def change_date(
        self, held: Gathering, date: SeriesDate, moved_to: datetime | None, *, now: datetime
    ) -> Gathering:
        """One date of a series, and no other; None cancels it."""
        self._connection.execute(
            """
            INSERT INTO event_dates (event_id, original_date, moved_to) VALUES (%s, %s, %s)
            ON CONFLICT (event_id, original_date) DO UPDATE SET moved_to = EXCLUDED.moved_to
            """,
            (held.id, date.original, moved_to),
        )
        return self._planned(
            """
            UPDATE events SET sequence = sequence + 1, updated_at = now(),
                recurring_end_date = CASE WHEN recurring_end_date IS NOT NULL
                THEN greatest(recurring_end_date, %(moved)s) END
            WHERE id = %(id)s RETURNING *
            """,
            id=held.id,
            moved=moved_to,
            now=now,
        )

    def drop_old_drafts(self, community: int, *, before: datetime) -> None:
        self._connection.execute(
            "DELETE FROM events WHERE community_id = %s AND status = 'draft' AND created_at < %s",
            (community, before),
        )

    def drop(self, held: Gathering) -> None:
        """Of a draft; its number is not given again."""
        self._connection.execute("DELETE FROM events WHERE id = %s", (held.id,))

    def change(self, held: Gathering, changed: Invitation, *, now: datetime) -> Gathering:
        return self._planned(
            """
            UPDATE events SET sequence = sequence + 1, updated_at = now(),
                title = %(title)s, description = %(about)s, location = %(place)s,
                event_date = %(at)s, max_attendees = %(seats)s
            WHERE id = %(id)s RETURNING *
            """,
            id=held.id,
            title=changed.title,
            about=changed.about,
            place=changed.place,
            at=changed.at if held.series is None else held.series.at(held.series.first),
            seats=changed.seats,
            now=now,
        )

    def settle(
        self,
        held: Gathering,
        status: GatheringStatus,
        *,
        by: str,
        now: datetime,
        reason: str = "",
    ) -> Gathering:
        """`by` is the name of whoever approved, rejected or cancelled it."""
        return self._planned(
            """
            UPDATE events SET sequence = sequence + 1, updated_at = now(),
                status = %(status)s, approved_by_name = %(by)s,
                rejection_reason = %(reason)s
            WHERE id = %(id)s RETURNING *
            """,
            id=held.id,
            status=status,
            by=by,
            reason=reason,
            now=now,
        )

    def tell_later(
        self, about: Gathering, later: Later, *, at: datetime, news: str, **more: str
    ) -> None:
        """The module is called then with `news`, and says it to that person, or in that place."""
        self._due.plan(
            community_id=about.community,
            later=later,
            module=MODULE_NAME,
            at=at,
            data={"event": about.number, "news": news, **more},
        )

    def list_added_by(
        self, community: int, platform: str, user_id: str, *, now: datetime
    ) -> list[Gathering]:
        statement = """
            SELECT * FROM events
            WHERE community_id = %s AND platform = %s AND created_by = %s ORDER BY number
            """
        rows = self._connection.execute(statement, (community, platform, user_id)).fetchall()
        return self._read(rows, now)

    def forget_who_added(self, community: int, platform: str, user_id: str) -> int:
        """What nobody approved goes, the rest stays without a name. How many there were."""
        person = (community, platform, user_id)
        gone = self._connection.execute(
            """
            DELETE FROM events WHERE community_id = %s AND platform = %s AND created_by = %s
                AND status IN ('draft', 'pending', 'rejected')
            """,
            person,
        ).rowcount
        nameless = self._connection.execute(
            """
            UPDATE events SET created_by = '', created_by_name = '', way_back = way_back - 'user'
            WHERE community_id = %s AND platform = %s AND created_by = %s
            """,
            person,
        ).rowcount
        return gone + nameless

    def _find(
        self, statement: LiteralString, *, now: datetime, **values: object
    ) -> Gathering | None:
        rows = self._connection.execute(statement, values).fetchall()
        return next(iter(self._read(rows, now)), None)

    def _planned(self, statement: LiteralString, *, now: datetime, **values: object) -> Gathering:
        """Whatever changed, its reminders are those of what it is now."""
        changed = self._load(statement, now=now, **values)
        self.reminders.plan_anew(changed, now=now)
        return changed

    def _load(self, statement: LiteralString, *, now: datetime, **values: object) -> Gathering:
        found = self._find(statement, now=now, **values)
        if found is None:
            raise LookupError("the statement returned no row")
        return found

    def _read(self, rows: Sequence[Mapping[str, Any]], now: datetime) -> list[Gathering]:
        changes = self._changes([row["id"] for row in rows if row["recurring_pattern"]])
        return [read_gathering(row, changes[row["id"]], now) for row in rows]

    def _changes(self, ids: list[int]) -> Mapping[int, Changes]:
        """Of single dates, by the event."""
        found: defaultdict[int, dict[datetime, datetime | None]] = defaultdict(dict)
        if ids:
            statement = "SELECT * FROM event_dates WHERE event_id = ANY(%s)"
            for row in self._connection.execute(statement, (ids,)):
                found[row["event_id"]][row["original_date"]] = row["moved_to"]
        return found
