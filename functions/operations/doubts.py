"""Calls of which nobody knows whether they went through: listed until somebody has looked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from waddlebot.domain.entities import EntityId
from waddlebot.domain.errors import Rejected
from waddlebot.platforms.shown_names import ShownNames
from waddlebot.runtime.logs import Category, Logger
from waddlebot.runtime.serve_http import Request
from waddlebot.stores.begun_calls import find_in_doubt, settle_doubts
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.shown_names import names_of_places

MOST_DOUBTS = 100
"""A page, and what one request may settle."""
MOST_ID = 200

Wire = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Doubts:
    postgres: Postgres
    log: Logger

    def page(self) -> Wire:
        """`{"calls": [{"id", "module", "at", "event", "entity", "place", "user", "command",
        "arguments"}]}`, the oldest first, 100 at most; from "event" on they are None where nothing
        was recorded of it, and "arguments" is what was typed behind the command."""
        found = find_in_doubt(self.postgres, most=MOST_DOUBTS)
        places = {EntityId(row["entity_id"]) for row in found if row["entity_id"]}
        shown = ShownNames(places=names_of_places(self.postgres, places))
        calls = [
            {
                "id": row["execution_id"],
                "module": row["module"],
                "at": row["at"].isoformat(),
                "event": row["event_id"],
                "entity": row["entity_id"],
                "place": shown.place(EntityId(row["entity_id"])) if row["entity_id"] else None,
                "user": row["user_name"],
                "command": row["command"],
                "arguments": row["arguments"],
            }
            for row in found
        ]
        return {"success": True, "calls": calls}

    def settle(self, request: Request) -> Wire:
        """`{"results": [{"id", "is_settled"}]}`, entry n is id n; bears repeating.

        Raises Rejected: 400.
        """
        ids = _ids(request.body)
        settled = set(settle_doubts(self.postgres, ids))
        self.log.info(
            "calls in doubt settled",
            category=Category.AUDIT,
            account=request.caller.account,
            ids=sorted(settled),
        )
        results = [{"id": one, "is_settled": one in settled} for one in ids]
        return {"success": True, "results": results}


def _ids(body: Any) -> list[str]:
    ids = body.get("ids") if isinstance(body, dict) else None
    if not isinstance(ids, list) or not 1 <= len(ids) <= MOST_DOUBTS:
        raise _invalid(f"'ids' must be a list of 1 to {MOST_DOUBTS} ids.")
    if not all(isinstance(one, str) and 0 < len(one) <= MOST_ID and "\0" not in one for one in ids):
        raise _invalid("'ids' holds what is no id of a call.")
    return ids


def _invalid(message: str) -> Rejected:
    return Rejected(400, "INVALID_FIELD", message, details={"field": "ids"})
