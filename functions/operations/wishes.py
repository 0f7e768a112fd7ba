"""What modules wished besides answering and was not done, as the API shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from functions.operations.numbers import read_limit
from waddlebot.domain.entities import EntityId
from waddlebot.platforms.shown_names import ShownNames
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.records import Records
from waddlebot.stores.shown_names import names_of_places
from waddlebot_sdk.own_words import in_usual_words

MOST_CALLS = 100

Wire = dict[str, Any]


def read_refused(postgres: Postgres, query: Mapping[str, str]) -> Wire:
    """`{"calls": [{"id", "event", "at", "module", "command", "community" or None, "entity",
    "place", "user", "refused": [{"wish", "why"}]}]}`, of one `module` or all, the newest first;
    `place` is the entity as people call it.

    Raises Rejected: 400.
    """
    limit = read_limit(query, MOST_CALLS)
    found = Records(postgres).refused_wishes(module=query.get("module") or None, most=limit)
    entities = list(dict.fromkeys(EntityId(row["entity_id"]) for row in found))
    names = ShownNames(places=names_of_places(postgres, entities) if entities else {})
    return {"success": True, "calls": [_shown(row, names) for row in found]}


def _shown(row: Mapping[str, Any], names: ShownNames) -> Wire:
    return {
        "id": row["execution_id"],
        "event": row["event_id"],
        "at": row["occurred_at"].isoformat(),
        "module": row["module"],
        "command": row["command"],
        "community": row["community"],
        "entity": row["entity_id"],
        "place": names.place(EntityId(row["entity_id"])),
        "user": row["user_name"],
        "refused": [{**one, "why": in_usual_words(one["why"])} for one in row["refused"]],
    }
