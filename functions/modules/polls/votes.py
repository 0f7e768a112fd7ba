"""Who chose what. Whoever writes here holds the poll's row, so that none is lost at its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from functions.modules.polls.ballot import Poll
from functions.modules.polls.people import Voter
from waddlebot.stores.postgres import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class CastVote:
    """`number` is the poll's, `option` counted from 0."""

    number: int
    question: str
    chosen: str
    option: int
    voted_at: datetime


class PollVotes:
    """The table `poll_votes`; works in the transaction of its connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def cast(self, poll: Poll, voter: Voter, option: int) -> int | None:
        """What this person had chosen before, with whichever of their accounts; None: nothing."""
        before = self.find_choice(poll, voter)
        self._connection.execute(
            """
            INSERT INTO poll_votes (poll_id, platform, user_id, option, voted_at)
            VALUES (%s, %s, %s, %s, clock_timestamp())
            ON CONFLICT (poll_id, platform, user_id) DO UPDATE
            SET option = EXCLUDED.option, voted_at = EXCLUDED.voted_at
            """,
            (poll.id, voter.platform, voter.id, option),
        )
        return before

    def find_choice(self, poll: Poll, voter: Voter) -> int | None:
        """The option that counts for this person, from 0."""
        statement = """
            SELECT option FROM (
                SELECT %(platform)s::text AS platform, %(user)s::text AS user_id
                UNION (SELECT platform, user_id
                    FROM linked_accounts(ARRAY[%(platform)s::text], ARRAY[%(user)s::text])
                    LIMIT 10)  -- one a platform; so each is looked up, and the poll is not read
            ) AS mine
            JOIN poll_votes USING (platform, user_id)
            WHERE poll_id = %(poll)s
            ORDER BY voted_at DESC LIMIT 1
            """
        values = {"poll": poll.id, "platform": voter.platform, "user": voter.id}
        row = self._connection.execute(statement, values).fetchone()
        return None if row is None else int(row["option"])

    def count(self, poll: Poll) -> tuple[int, ...]:
        """How many people chose each option: of the accounts of one person the newest counts."""
        rows = self._connection.execute(
            """
            WITH known AS MATERIALIZED (
                SELECT same.* FROM (
                    SELECT array_agg(platform) AS platforms, array_agg(user_id) AS user_ids
                    FROM poll_votes WHERE poll_id = %(poll)s
                ) AS voters, linked_accounts(platforms, user_ids) AS same),
            newest AS (
                SELECT DISTINCT ON (coalesce(known.person_id::text, platform || ':' || user_id))
                    vote.option
                FROM poll_votes AS vote LEFT JOIN known USING (platform, user_id)
                WHERE vote.poll_id = %(poll)s
                ORDER BY coalesce(known.person_id::text, platform || ':' || user_id),
                    vote.voted_at DESC)
            SELECT option, count(*) AS people FROM newest GROUP BY option
            """,
            {"poll": poll.id},
        ).fetchall()
        people = {int(row["option"]): int(row["people"]) for row in rows}
        return tuple(people.get(index, 0) for index in range(len(poll.options)))

    def forget(self, poll: Poll) -> None:
        """Who chose what; the numbers are kept with the poll."""
        self._connection.execute("DELETE FROM poll_votes WHERE poll_id = %s", (poll.id,))

    def list_of(self, community: int, voter: Voter) -> list[CastVote]:
        """All votes of this account in this community that are kept."""
        rows = self._connection.execute(
            """
            SELECT number, question, options[option + 1] AS chosen, option, voted_at
            FROM poll_votes JOIN polls ON polls.id = poll_id
            WHERE community_id = %s AND poll_votes.platform = %s AND user_id = %s
            ORDER BY number
            """,
            (community, voter.platform, voter.id),
        ).fetchall()
        return [CastVote(**row) for row in rows]

    def remove(self, poll: Poll, voter: Voter) -> bool:
        """Of that account; False where it did not vote."""
        gone = self._connection.execute(
            "DELETE FROM poll_votes WHERE poll_id = %s AND platform = %s AND user_id = %s",
            (poll.id, voter.platform, voter.id),
        )
        return gone.rowcount == 1
