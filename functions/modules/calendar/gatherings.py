"""What a community plans. Every statement names its community: nobody reads another's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, LiteralString

from psycopg.types.json import Jsonb

from functions.modules.calendar.guests import Guests
from functions.modules.calendar.people import MODULE_NAME, Guest, keep_later, read_later
from functions.modules.calendar.typed import Invitation
from waddlebot.domain.events import Later
from waddlebot.stores.due import Due
from waddlebot.stores.postgres import Connection


class GatheringStatus(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """`created_by` and its name are empty where the person who added it was forgotten.

    `later` is how to come back to that person. Without `seats` everybody may come.
    """

    id: int
    community: int
    number: int
    title: str
    about: str
    place: str
    at: datetime
    seats: int | None
    status: GatheringStatus
    platform: str
    created_by: str
    created_by_name: str
    later: Later
    approved_by_name: str
    rejection_reason: str
    created_at: datetime


class Gatherings:
    """The tables `events` and `event_numbers`; who comes has a store of its own.

    Works in the transaction of its connection and neither commits nor rolls back.
    """

    def __init__(self, connection: Connection) -> None:
        self.guests = Guests(connection)
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
    ) -> Gathering:
        """Kept under the community's next number."""
        return self._load(
            """
            WITH given AS (
                INSERT INTO event_numbers AS numbers (community_id, last)
                VALUES (%(community)s, 1)
                ON CONFLICT (community_id) DO UPDATE SET last = numbers.last + 1
                RETURNING last)
            INSERT INTO events (community_id, number, entity_id, title, description, location,
                event_date, max_attendees, status, platform, created_by, created_by_name, way_back)
            SELECT %(community)s, last, %(entity)s, %(title)s, %(about)s, %(place)s, %(at)s,
                %(seats)s, %(status)s, %(platform)s, %(by)s, %(by_name)s, %(way_back)s
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
            way_back=Jsonb(keep_later(by.later)),
        )

    def find(self, community: int, number: int) -> Gathering | None:
        return self._find(
            "SELECT * FROM events WHERE community_id = %(community)s AND number = %(number)s",
            community=community,
            number=number,
        )

    def hold(self, community: int, number: int) -> Gathering | None:
        """Nobody else changes it or who comes until this transaction ends."""
        return self._find(
            """
            SELECT * FROM events WHERE community_id = %(community)s AND number = %(number)s
            FOR UPDATE
            """,
            community=community,
            number=number,
        )

    def coming_up(
        self, community: int, *, now: datetime, status: GatheringStatus, limit: int
    ) -> list[Gathering]:
        """What has not begun, the next one first."""
        statement = """
            SELECT * FROM events
            WHERE community_id = %s AND status = %s AND event_date > %s
            ORDER BY event_date, number LIMIT %s
            """
        rows = self._connection.execute(statement, (community, status, now, limit)).fetchall()
        return [_gathering(row) for row in rows]

    def count_open(self, community: int, *, now: datetime) -> int:
        """How many have not begun, those that wait for a moderator too."""
        statement = """
            SELECT count(*) AS open FROM events
            WHERE community_id = %s AND status IN ('pending', 'approved') AND event_date > %s
            """
        (row,) = self._connection.execute(statement, (community, now)).fetchall()
        return int(row["open"])

    def count_pending_of(self, community: int, person: Guest, *, now: datetime) -> int:
        statement = """
            SELECT count(*) AS open FROM events
            WHERE community_id = %s AND platform = %s AND created_by = %s
              AND status = 'pending' AND event_date > %s
            """
        values = (community, person.platform, person.id, now)
        (row,) = self._connection.execute(statement, values).fetchall()
        return int(row["open"])

    def change(self, held: Gathering, changed: Invitation) -> Gathering:
        return self._load(
            """
            UPDATE events SET title = %(title)s, description = %(about)s, location = %(place)s,
                event_date = %(at)s, max_attendees = %(seats)s
            WHERE id = %(id)s RETURNING *
            """,
            id=held.id,
            title=changed.title,
            about=changed.about,
            place=changed.place,
            at=changed.at,
            seats=changed.seats,
        )

    def settle(
        self, held: Gathering, status: GatheringStatus, *, by: str, reason: str = ""
    ) -> Gathering:
        """`by` is the name of whoever approved, rejected or cancelled it."""
        return self._load(
            """
            UPDATE events SET status = %(status)s, approved_by_name = %(by)s,
                rejection_reason = %(reason)s
            WHERE id = %(id)s RETURNING *
            """,
            id=held.id,
            status=status,
            by=by,
            reason=reason,
        )

    def tell_later(self, about: Gathering, later: Later, *, at: datetime, news: str) -> None:
        """The module is called then with `news`, and says it to that person, or in that place."""
        self._due.plan(
            community_id=about.community,
            later=later,
            module=MODULE_NAME,
            at=at,
            data={"event": about.number, "news": news},
        )

    def list_added_by(self, community: int, platform: str, user_id: str) -> list[Gathering]:
        statement = """
            SELECT * FROM events
            WHERE community_id = %s AND platform = %s AND created_by = %s ORDER BY number
            """
        rows = self._connection.execute(statement, (community, platform, user_id)).fetchall()
        return [_gathering(row) for row in rows]

    def forget_who_added(self, community: int, platform: str, user_id: str) -> int:
        """What nobody approved goes, the rest stays without a name. How many there were."""
        person = (community, platform, user_id)
        gone = self._connection.execute(
            """
            DELETE FROM events WHERE community_id = %s AND platform = %s AND created_by = %s
                AND status IN ('pending', 'rejected')
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

    def _find(self, statement: LiteralString, **values: object) -> Gathering | None:
        row = self._connection.execute(statement, values).fetchone()
        return _gathering(row) if row else None

    def _load(self, statement: LiteralString, **values: object) -> Gathering:
        found = self._find(statement, **values)
        if found is None:
            raise LookupError("the statement returned no row")
        return found


def _gathering(row: Mapping[str, Any]) -> Gathering:
    return Gathering(
        id=row["id"],
        community=row["community_id"],
        number=row["number"],
        title=row["title"],
        about=row["description"],
        place=row["location"],
        at=row["event_date"],
        seats=row["max_attendees"],
        status=GatheringStatus(row["status"]),
        platform=row["platform"],
        created_by=row["created_by"],
        created_by_name=row["created_by_name"],
        later=read_later(row["way_back"]),
        approved_by_name=row["approved_by_name"],
        rejection_reason=row["rejection_reason"],
        created_at=row["created_at"],
    )
