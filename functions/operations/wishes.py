"""What modules wished besides answering and was not done, as the API shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from functions.operations.numbers import read_limit
from waddlebot.platforms.shown_names import ShownNames
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.records import Records, RefusedCall
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
    entities = list(dict.fromkeys(call.entity_id for call in found))
    names = ShownNames(places=names_of_places(postgres, entities) if entities else {})
    return {"success": True, "calls": [_shown(call, names) for call in found]}


def _shown(call: RefusedCall, names: ShownNames) -> Wire:
    return {
        "id": call.execution_id,
        "event": call.event_id,
        "at": call.occurred_at.isoformat(),
        "module": call.module,
        "command": call.command,
        "community": call.community,
        "entity": call.entity_id,
        "place": names.place(call.entity_id),
        "user": call.user_name,
        "refused": [{**one, "why": in_usual_words(one["why"])} for one in call.refused],
    }
