"""Calls that reach out: whose each is, until when, and whether anybody knows how it went. So does
what comes to a module's web address, once it asks for what must not be done twice.

Rows of module_effects, as those of other calls. `owner` is null in a row that is answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

from psycopg.types.json import Jsonb

from waddlebot.domain import sayings
from waddlebot.stores.effects import without_secrets
from waddlebot.stores.postgres import Connection, Postgres
from waddlebot_sdk.responses import Failed, Response, from_wire, to_wire

MARGIN_SECONDS = 2.0
"""From a call's deadline to the end of its lease, as with receipts."""

# Leases are compared with the server's clock. Of a row that was just written by somebody else the
# last part may see nothing yet: whoever gets no row asks again.
_BEGIN: LiteralString = """
    WITH begun AS (
        INSERT INTO module_effects AS found (execution_id, module, owner, leased_until)
        VALUES (
            %(id)s, %(module)s, %(owner)s,
            clock_timestamp() + %(seconds)s * interval '1 s'
        )
        ON CONFLICT (execution_id) DO UPDATE SET (owner, leased_until, response) = (
            SELECT
                CASE WHEN taken THEN excluded.owner END,
                CASE WHEN taken THEN excluded.leased_until END,
                CASE WHEN taken THEN found.response ELSE %(unsure)s END
            FROM (VALUES (NOT found.unsure OR found.owner = excluded.owner)) AS this (taken)
        )
        WHERE found.owner = excluded.owner OR found.leased_until < clock_timestamp()
        RETURNING owner, response
    )
    SELECT owner, response FROM begun
    UNION ALL
    SELECT owner, response FROM module_effects
    WHERE execution_id = %(id)s AND NOT EXISTS (SELECT FROM begun)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStanding:
    """How a call stands: ours to make, at work elsewhere, or answered by `kept`."""

    is_ours: bool = False
    kept: Sequence[dict[str, Any]] | None = None

    @property
    def is_busy(self) -> bool:
        return not self.is_ours and self.kept is None


@dataclass(frozen=True, slots=True, kw_only=True)
class BegunCall:
    """One call of one invocation, which is its `owner`; all raise Unavailable."""

    postgres: Postgres
    execution_id: str
    module: str
    owner: str

    def begin(self, *, seconds: float) -> CallStanding:
        """One round trip; `seconds` are left until the deadline.

        What another one has left behind is taken over, unless that asked for what must not be done
        twice: then it is in doubt from now on, and that is its answer.
        """
        found = self.postgres.write(
            _BEGIN,
            {
                "id": self.execution_id,
                "module": self.module,
                "owner": self.owner,
                "seconds": seconds + MARGIN_SECONDS,
                "unsure": Jsonb(_unsure()),
            },
        )
        if not found:
            return CallStanding()
        [row] = found
        if row["owner"] is None:
            return CallStanding(kept=row["response"])
        return CallStanding(is_ours=row["owner"] == self.owner)

    def ask(self) -> bool:
        """Before what must not be done twice is asked for; whether the call is still ours."""
        rows = self.postgres.write(
            """
            UPDATE module_effects SET unsure = true
            WHERE execution_id = %(id)s AND owner = %(owner)s RETURNING 1
            """,
            self._mine,
        )
        return bool(rows)

    def note_visit(self, came_to: str, *, seconds: float) -> None:
        """Before somebody who came to a module's web address has it ask for what must not be done
        twice; nobody repeats it, so it is begun and noted at once. `seconds` are left for it.
        """
        self.postgres.write(
            """
            INSERT INTO module_effects (execution_id, module, owner, leased_until, unsure, came_to)
            VALUES (
                %(id)s, %(module)s, %(owner)s,
                clock_timestamp() + %(seconds)s * interval '1 s', true, %(came_to)s
            )
            """,
            {
                **self._mine,
                "module": self.module,
                "seconds": seconds + MARGIN_SECONDS,
                "came_to": came_to,
            },
        )

    def end_visit(self, connection: Connection) -> bool:
        """In the transaction of the effect; whether it was still ours. Nothing is said again."""
        ended = connection.execute(
            "DELETE FROM module_effects WHERE execution_id = %(id)s AND owner = %(owner)s",
            self._mine,
        )
        return ended.rowcount == 1

    def keep(self, connection: Connection, wire: list[dict[str, Any]]) -> bool:
        """The answer, in the transaction of the effect; whether the call was still ours.

        `wire` is the answer as `to_wire` makes it.
        """
        kept = connection.execute(
            """
            UPDATE module_effects
            SET response = %(wire)s, owner = NULL, leased_until = NULL, unsure = false
            WHERE execution_id = %(id)s AND owner = %(owner)s
            """,
            {**self._mine, "wire": Jsonb(without_secrets(wire))},
        )
        return kept.rowcount == 1

    def free(self) -> None:
        """It surely did nothing: whoever is asked again makes it."""
        self.postgres.write(
            "DELETE FROM module_effects WHERE execution_id = %(id)s AND owner = %(owner)s",
            self._mine,
        )

    def leave_in_doubt(self) -> list[dict[str, Any]]:
        """What is answered from now on. As `to_wire` makes answers. Raises Unavailable."""
        said = _unsure()
        self.postgres.write(
            """
            UPDATE module_effects
            SET response = %(said)s, owner = NULL, leased_until = NULL
            WHERE execution_id = %(id)s AND owner = %(owner)s
            """,
            {**self._mine, "said": Jsonb(said)},
        )
        return said

    @property
    def _mine(self) -> dict[str, Any]:
        return {"id": self.execution_id, "owner": self.owner}


def find_in_doubt(postgres: Postgres, *, most: int) -> list[dict[str, Any]]:
    """The oldest calls of which nobody knows whether they went through; nobody is at work on them.

    `event_id`, `entity_id`, `user_name`, `arguments` and `command` are null where nothing was
    recorded of it; what began at a module's web address has that as its `command`.

    Raises Unavailable.
    """
    return postgres.write(
        """
        SELECT execution_id, found.module, found.at, ran.event_id, ran.entity_id, ran.user_name,
            ran.arguments, coalesce(ran.command, found.came_to) AS command
        FROM module_effects AS found
        LEFT JOIN command_executions AS ran USING (execution_id)
        WHERE unsure AND (leased_until IS NULL OR leased_until < clock_timestamp())
        ORDER BY found.at, execution_id LIMIT %(most)s
        """,
        {"most": most},
    )


def find_left(postgres: Postgres, execution_id: str) -> tuple[Response, ...] | None:
    """What is said of a call whose invocation died: its answer if that was kept, that nobody knows
    if it had asked for what must not be done twice; None where it surely did nothing.

    Raises Unavailable.
    """
    found = postgres.write(
        "SELECT unsure, owner, response FROM module_effects WHERE execution_id = %(id)s",
        {"id": execution_id},
    )
    for row in found:
        if row["unsure"]:
            return from_wire(_unsure())
        if row["owner"] is None:
            return from_wire(row["response"])
    return None


def settle_doubts(postgres: Postgres, execution_ids: Sequence[str]) -> list[str]:
    """Somebody has looked: those of them that are listed no more.

    By their `execution_ids`. Raises Unavailable.
    """
    rows = postgres.write(
        """
        UPDATE module_effects SET unsure = false, owner = NULL, leased_until = NULL,
            response = CASE WHEN owner IS NULL THEN response ELSE %(unsure)s END
        WHERE unsure AND (leased_until IS NULL OR leased_until < clock_timestamp())
            AND execution_id = ANY(%(ids)s)
        RETURNING execution_id
        """,
        {"ids": list(execution_ids), "unsure": Jsonb(_unsure())},
    )
    return [row["execution_id"] for row in rows]


def _unsure() -> list[dict[str, Any]]:
    return to_wire(Failed(sayings.UNSURE, error=sayings.IN_DOUBT), session_id="")
