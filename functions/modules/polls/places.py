"""Where a poll was opened. What becomes of it is told in each of these places once."""

from __future__ import annotations

from datetime import datetime

import msgspec

from functions.modules.polls.ballot import Poll
from functions.modules.polls.people import MODULE_NAME
from waddlebot.domain.events import Later
from waddlebot.stores.due import Due
from waddlebot.stores.postgres import Connection


class PollPlaces:
    """The table `poll_places`; works in the transaction of its connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._due = Due(connection)

    def add(self, poll: Poll, place: Later) -> bool:
        """It ends there too, by a row that fires then; False where it was open there before."""
        if self.is_open_in(poll, place.entity):
            return False
        self._connection.execute(
            """
            INSERT INTO poll_places (poll_id, entity_id, way_back, due_id)
            VALUES (%s, %s, %s::jsonb, %s)
            """,
            (
                poll.id,
                place.entity,
                msgspec.json.encode(place).decode(),
                self._plan(poll, place, at=poll.ends_at),
            ),
        )
        return True

    def is_open_in(self, poll: Poll, entity: str) -> bool:
        statement = "SELECT 1 FROM poll_places WHERE poll_id = %s AND entity_id = %s"
        return self._connection.execute(statement, (poll.id, entity)).fetchone() is not None

    def count(self, poll: Poll) -> int:
        statement = "SELECT count(*) AS places FROM poll_places WHERE poll_id = %s"
        (row,) = self._connection.execute(statement, (poll.id,)).fetchall()
        return int(row["places"])

    def first(self, poll: Poll) -> Later:
        """Where it was opened first."""
        statement = """
            SELECT way_back FROM poll_places WHERE poll_id = %s
            ORDER BY opened_at, entity_id LIMIT 1
            """
        (row,) = self._connection.execute(statement, (poll.id,)).fetchall()
        return msgspec.convert(row["way_back"], Later)

    def tell(self, poll: Poll, entity: str, *, at: datetime) -> bool:
        """Whether that place is to be told now: it was asked, and was not told."""
        told = self._connection.execute(
            """
            UPDATE poll_places SET told_at = %s
            WHERE poll_id = %s AND entity_id = %s AND told_at IS NULL
            """,
            (at, poll.id, entity),
        )
        return told.rowcount == 1

    def tell_all(self, poll: Poll, *, at: datetime) -> None:
        """Places that were not told are told now instead of when it would have ended; what fires
        already says it by itself.
        """
        rows = self._connection.execute(
            """
            SELECT entity_id, way_back, due_id FROM poll_places
            WHERE poll_id = %s AND told_at IS NULL
            """,
            (poll.id,),
        ).fetchall()
        for row in rows:
            if self._due.cancel(row["due_id"], MODULE_NAME, poll.community):
                self._plan(poll, msgspec.convert(row["way_back"], Later), at=at)

    def drop_end(self, poll: Poll, entity: str) -> None:
        """That place was told: nothing fires there any more."""
        statement = "SELECT due_id FROM poll_places WHERE poll_id = %s AND entity_id = %s"
        row = self._connection.execute(statement, (poll.id, entity)).fetchone()
        if row:
            self._due.cancel(row["due_id"], MODULE_NAME, poll.community)

    def plan_chart(self, poll: Poll, *, at: datetime) -> None:
        self._plan(poll, self.first(poll), at=at, news="chart")

    def _plan(self, poll: Poll, place: Later, *, at: datetime, news: str = "end") -> int:
        return self._due.plan(
            community_id=poll.community,
            later=place,
            module=MODULE_NAME,
            at=at,
            data={"poll": poll.number, "news": news},
        )
