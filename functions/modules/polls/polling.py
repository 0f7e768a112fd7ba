"""Polls of a community. Every statement names its community: nobody reads another's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from functions.modules.polls.ballot import Ballot, Poll, PollStatus, find_first, read_poll
from functions.modules.polls.people import Voter
from functions.modules.polls.places import PollPlaces
from functions.modules.polls.votes import PollVotes
from waddlebot.stores.postgres import Connection

LONGEST = timedelta(days=14)
"""Also of a poll that nobody closes."""


class Polls:
    """The tables `polls` and `poll_numbers`; votes and places have stores of their own.

    Works in the transaction of its connection and neither commits nor rolls back.
    """

    def __init__(self, connection: Connection) -> None:
        self.votes = PollVotes(connection)
        self.places = PollPlaces(connection)
        self._connection = connection

    def next_number(self, community: int) -> int:
        """Polls of a community are opened one after the other from here on."""
        statement = """
            INSERT INTO poll_numbers AS numbers (community_id, last) VALUES (%s, 1)
            ON CONFLICT (community_id) DO UPDATE SET last = numbers.last + 1 RETURNING last
            """
        (row,) = self._connection.execute(statement, (community,)).fetchall()
        return int(row["last"])

    def open(
        self, community: int, number: int, ballot: Ballot, *, by: Voter, now: datetime
    ) -> Poll:
        length = LONGEST if ballot.seconds is None else timedelta(seconds=ballot.seconds)
        rows = self._connection.execute(
            """
            INSERT INTO polls (community_id, number, question, options, is_secret, tie, platform,
                opened_by, opened_at, ends_at, is_timed)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING *
            """,
            (
                community,
                number,
                ballot.question,
                list(ballot.options),
                ballot.is_secret,
                ballot.tie,
                by.platform,
                by.id,
                now,
                now + length,
                ballot.seconds is not None,
            ),
        ).fetchall()
        return read_poll(rows[0])

    def find(self, community: int, number: int) -> Poll | None:
        statement = "SELECT * FROM polls WHERE community_id = %s AND number = %s"
        row = self._connection.execute(statement, (community, number)).fetchone()
        return read_poll(row) if row else None

    def hold(self, community: int, number: int) -> Poll | None:
        """As it is until the transaction ends: whoever votes or closes waits for it."""
        statement = "SELECT * FROM polls WHERE community_id = %s AND number = %s FOR UPDATE"
        row = self._connection.execute(statement, (community, number)).fetchone()
        return read_poll(row) if row else None

    def list_open(self, community: int, *, here: str = "") -> list[Poll]:
        """The newest first; with `here` those that were opened in that place."""
        statement = """
            SELECT polls.* FROM polls
            WHERE community_id = %(community)s AND status = 'open' AND (%(here)s = '' OR EXISTS (
                SELECT FROM poll_places WHERE poll_id = polls.id AND entity_id = %(here)s))
            ORDER BY number DESC
            """
        values = {"community": community, "here": here}
        return [read_poll(row) for row in self._connection.execute(statement, values).fetchall()]

    def list_all(self, community: int, *, limit: int) -> list[Poll]:
        """The newest first."""
        statement = "SELECT * FROM polls WHERE community_id = %s ORDER BY number DESC LIMIT %s"
        rows = self._connection.execute(statement, (community, limit)).fetchall()
        return [read_poll(row) for row in rows]

    def close(self, held: Poll) -> Poll:
        """Counted for good. Of a secret poll who chose what is kept no longer."""
        counts = self.votes.count(held)
        if held.is_secret:
            self.votes.forget(held)
        return self._settle(held, PollStatus.CLOSED, counts, find_first(counts, held.tie))

    def cancel(self, held: Poll) -> Poll:
        """Nothing of it counts."""
        self.votes.forget(held)
        return self._settle(held, PollStatus.CANCELLED, None, None)

    def note_chart(
        self, held: Poll, *, shown_at: datetime | None, chart_at: datetime | None
    ) -> None:
        """When it was shown, and when it will be shown next where that is planned."""
        self._connection.execute(
            "UPDATE polls SET shown_at = %s, chart_at = %s WHERE id = %s",
            (shown_at, chart_at, held.id),
        )

    def list_opened_by(self, community: int, voter: Voter) -> list[Poll]:
        statement = """
            SELECT * FROM polls
            WHERE community_id = %s AND platform = %s AND opened_by = %s ORDER BY number
            """
        rows = self._connection.execute(statement, (community, voter.platform, voter.id))
        return [read_poll(row) for row in rows.fetchall()]

    def forget_who_opened(self, community: int, voter: Voter) -> int:
        """How many polls stay without saying who opened them."""
        statement = """
            UPDATE polls SET opened_by = ''
            WHERE community_id = %s AND platform = %s AND opened_by = %s
            """
        values = (community, voter.platform, voter.id)
        return self._connection.execute(statement, values).rowcount

    def _settle(
        self,
        held: Poll,
        status: PollStatus,
        counts: Sequence[int] | None,
        first: Sequence[int] | None,
    ) -> Poll:
        rows = self._connection.execute(
            "UPDATE polls SET status = %s, result = %s, first = %s WHERE id = %s RETURNING *",
            (
                status,
                None if counts is None else list(counts),
                None if first is None else list(first),
                held.id,
            ),
        ).fetchall()
        return read_poll(rows[0])
