"""What a community gives away. Every statement names its community: nobody reads another's."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any, LiteralString

from functions.modules.giveaways.drawing import commit_to, new_seed
from functions.modules.giveaways.draws import Draws
from functions.modules.giveaways.entries import Entries
from functions.modules.giveaways.giveaway import (
    DrawOutcome,
    Giveaway,
    GiveawayStatus,
    GiveawayTerms,
    read_giveaway,
)
from functions.modules.giveaways.people import MODULE_NAME, Entrant, in_place, keep_later
from waddlebot.domain.events import Later
from waddlebot.stores.due import Due
from waddlebot.stores.postgres import Connection, Jsonb


class Giveaways:
    """The tables `giveaways` and `giveaway_numbers`; entries and draws have stores of their own.

    Works in the transaction of its connection and neither commits nor rolls back.
    """

    def __init__(self, connection: Connection) -> None:
        self.entries = Entries(connection)
        self.draws = Draws(connection)
        self._connection = connection
        self._due = Due(connection)

    def lock(self, community: int) -> None:
        """Nobody else starts one in this community until this transaction ends."""
        self._connection.execute(
            "INSERT INTO giveaway_numbers (community_id) VALUES (%s) ON CONFLICT DO NOTHING",
            (community,),
        )
        self._connection.execute(
            "SELECT last FROM giveaway_numbers WHERE community_id = %s FOR UPDATE", (community,)
        )

    def start(
        self, community: int, terms: GiveawayTerms, *, by: Entrant, now: datetime
    ) -> Giveaway:
        """With a new seed, under the community's next number; after `lock`."""
        seed = new_seed()
        return self._load(
            """
            WITH given AS (
                UPDATE giveaway_numbers SET last = last + 1 WHERE community_id = %(community)s
                RETURNING last)
            INSERT INTO giveaways (community_id, number, prize, status, winners, claim_seconds,
                weights, without_moderators, ends_at, seed, commitment, salt, proof_token,
                way_back, platform, started_by, started_by_name, created_at)
            SELECT %(community)s, last, %(prize)s, 'open', %(winners)s, %(claim)s, %(weights)s,
                %(without)s, %(ends)s, %(seed)s, %(commitment)s, %(salt)s, %(token)s,
                %(way_back)s::jsonb, %(platform)s, %(by)s, %(by_name)s, %(now)s
            FROM given
            RETURNING *
            """,
            community=community,
            prize=terms.prize,
            winners=terms.winners,
            claim=terms.claim_seconds,
            weights=Jsonb(dict(terms.weights)),
            without=terms.without_moderators,
            ends=terms.ends_at,
            seed=seed,
            commitment=commit_to(seed),
            salt=secrets.token_bytes(32),
            token=secrets.token_hex(16),
            way_back=keep_later(in_place(by.later)),
            platform=by.platform,
            by=by.id,
            by_name=by.name,
            now=now,
        )

    def find(self, community: int, number: int | None) -> Giveaway | None:
        """The newest without a number."""
        return self._find(
            """
            SELECT * FROM giveaways
            WHERE community_id = %(community)s
                AND (%(number)s::integer IS NULL OR number = %(number)s)
            ORDER BY number DESC LIMIT 1
            """,
            community=community,
            number=number,
        )

    def find_by_token(self, token: str) -> Giveaway | None:
        return self._find("SELECT * FROM giveaways WHERE proof_token = %(token)s", token=token)

    def find_running(self, community: int) -> Giveaway | None:
        return self._find(
            """
            SELECT * FROM giveaways
            WHERE community_id = %(community)s AND status IN ('open', 'closed')
            """,
            community=community,
        )

    def numbers_unsettled(self, community: int) -> list[int]:
        """Of those that run or in which somebody has to claim, in the order to hold them in."""
        rows = self._connection.execute(
            """
            SELECT number FROM giveaways
            WHERE community_id = %s AND (status IN ('open', 'closed') OR EXISTS (
                SELECT FROM giveaway_draws WHERE giveaway_id = giveaways.id AND outcome = %s))
            ORDER BY number
            """,
            (community, DrawOutcome.WAITING),
        )
        return [row["number"] for row in rows]

    def hold(self, community: int, number: int) -> Giveaway | None:
        """Nobody else enters, draws or claims until this transaction ends."""
        return self._find(
            """
            SELECT * FROM giveaways WHERE community_id = %(community)s AND number = %(number)s
            FOR UPDATE
            """,
            community=community,
            number=number,
        )

    def settle(self, held: Giveaway, status: GiveawayStatus) -> Giveaway:
        self.entries.drop_names(held)
        return self._load(
            "UPDATE giveaways SET status = %(status)s WHERE id = %(id)s RETURNING *",
            id=held.id,
            status=status,
        )

    def close(self, held: Giveaway, list_hash: str) -> Giveaway:
        """Nobody comes in any more; `list_hash` is of those who may win."""
        self.entries.drop_names(held)
        return self._load(
            """
            UPDATE giveaways SET status = 'closed', list_hash = %(hash)s WHERE id = %(id)s
            RETURNING *
            """,
            id=held.id,
            hash=list_hash,
        )

    def tell_seed(self, held: Giveaway) -> Giveaway:
        return self._load(
            "UPDATE giveaways SET seed_told = true WHERE id = %(id)s RETURNING *", id=held.id
        )

    def plan(
        self, about: Giveaway, news: str, *, at: datetime, to: Later | None = None, entry: str = ""
    ) -> None:
        """The module is called then with `news`, and says it to that person, or where it began."""
        self._due.plan(
            community_id=about.community,
            later=to or about.later,
            module=MODULE_NAME,
            at=at,
            data={"giveaway": about.number, "news": news, "entry": entry},
        )

    def list_started_by(self, community: int, platform: str, user_id: str) -> list[Giveaway]:
        rows = self._connection.execute(
            """
            SELECT * FROM giveaways
            WHERE community_id = %s AND platform = %s AND started_by = %s ORDER BY number
            """,
            (community, platform, user_id),
        )
        return [read_giveaway(row) for row in rows]

    def forget_who_started(self, community: int, platform: str, user_id: str) -> int:
        """They stay, without a name."""
        return self._connection.execute(
            """
            UPDATE giveaways
            SET started_by = '', started_by_name = '', way_back = way_back - 'user'
            WHERE community_id = %s AND platform = %s AND started_by = %s
            """,
            (community, platform, user_id),
        ).rowcount

    def _find(self, statement: LiteralString, **values: object) -> Giveaway | None:
        row: dict[str, Any] | None = self._connection.execute(statement, values).fetchone()
        return read_giveaway(row) if row else None

    def _load(self, statement: LiteralString, **values: object) -> Giveaway:
        found = self._find(statement, **values)
        if found is None:
            raise LookupError("the statement returned no row")
        return found
