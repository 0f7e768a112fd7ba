"""A call's effect happens once: its execution id stands in the transaction of the effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg.types.json import Jsonb

from waddlebot.domain import sayings
from waddlebot.stores.postgres import Connection, Statement


class Effects:
    """`module` is whose calls these are; its user sees no others."""

    def __init__(self, connection: Connection, module: str) -> None:
        self._connection = connection
        self._module = module

    def begin(self, execution_id: str) -> list[dict[str, Any]] | None:
        """None: go ahead. Else this call was made before, and this is what was answered.

        Waits for another transaction that is making the same call.
        """
        if self._connection.execute(*to_begin(execution_id, self._module)).rowcount == 1:
            return None
        return self.find(execution_id)

    def find(self, execution_id: str) -> list[dict[str, Any]]:
        """What was answered to a call that was made before.

        As `to_wire` makes answers; `[]` where none was kept.
        """
        row = self._connection.execute(
            "SELECT response FROM module_effects WHERE execution_id = %(id)s", {"id": execution_id}
        ).fetchone()
        return list(row["response"]) if row else []

    def keep(self, execution_id: str, wire: list[dict[str, Any]]) -> None:
        """The answer, for a repeated delivery; in the transaction of `begin`.

        `wire` is as `to_wire` makes it.
        """
        self._connection.execute(*to_keep(execution_id, wire))


def to_begin(execution_id: str, module: str) -> Statement:
    """Gives a row where the call was never made."""
    return (
        """
        INSERT INTO module_effects (execution_id, module) VALUES (%(id)s, %(module)s)
        ON CONFLICT (execution_id) DO NOTHING RETURNING execution_id
        """,
        {"id": execution_id, "module": module},
    )


def to_begin_all(execution_ids: Sequence[str], module: str) -> Statement:
    """Gives the rows of those that were never made."""
    return (
        """
        INSERT INTO module_effects (execution_id, module)
        SELECT unnest(%(ids)s::text[]), %(module)s
        ON CONFLICT (execution_id) DO NOTHING RETURNING execution_id
        """,
        # In this order by everybody: two deliveries of them wait, and not crosswise.
        {"ids": sorted(execution_ids), "module": module},
    )


def to_keep_all(answers: Mapping[str, list[dict[str, Any]]]) -> Statement:
    """Keeps answers, as `to_keep`, by execution id."""
    kept = [{"id": name, "wire": without_secrets(wire)} for name, wire in answers.items()]
    return (
        """
        UPDATE module_effects SET response = kept.wire
        FROM jsonb_to_recordset(%(kept)s) AS kept (id text, wire jsonb)
        WHERE execution_id = kept.id
        """,
        {"kept": Jsonb(kept)},
    )


def to_keep(execution_id: str, wire: list[dict[str, Any]]) -> Statement:
    """Keeps an answer; `wire` is as `to_wire` makes it."""
    return (
        "UPDATE module_effects SET response = %(wire)s WHERE execution_id = %(id)s",
        {"id": execution_id, "wire": Jsonb(without_secrets(wire))},
    )


def without_secrets(wire: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As an answer is kept: whoever did not hear a secret asks again.

    `wire` is as `to_wire` makes it, and so is what is kept.
    """
    return [_lost(one) if one.get("secret") else one for one in wire]


def _lost(secret: dict[str, Any]) -> dict[str, Any]:
    marks = {name: value for name, value in secret.items() if name != "response_data"}
    return {**marks, "chat_message": sayings.ANSWER_LOST}
