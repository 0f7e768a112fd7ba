"""The audit log as the API shows it: who changed what, page by page, the newest first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from waddlebot.domain.errors import Rejected
from waddlebot.stores.audit_log import Kept, list_changes
from waddlebot.stores.postgres import Postgres

MOST_CHANGES = 100

Wire = dict[str, Any]


def read_changes(postgres: Postgres, query: Mapping[str, str]) -> Wire:
    """`{"changes": [{"id", "at", "who", "action", "about", "community" or None, "before",
    "after"}], "next"}`, of one `community` by its name or all; `next` is the next `before`, or
    None. Raises Rejected: 400.
    """
    limit = _number(query, "limit", MOST_CHANGES)
    before = _number(query, "before", 0) or None
    if not 1 <= limit <= MOST_CHANGES:
        raise _invalid("limit", f"'limit' is 1 to {MOST_CHANGES}.")
    community = query.get("community") or None
    found = list_changes(postgres, community=community, before=before, most=limit + 1)
    shown = found[:limit]
    return {
        "success": True,
        "changes": list(map(_shown, shown)),
        "next": shown[-1].id if len(found) > limit else None,
    }


def _shown(kept: Kept) -> Wire:
    change = kept.change
    return {
        "id": kept.id,
        "at": kept.at.isoformat(),
        "who": change.who,
        "action": change.action,
        "about": change.about,
        "community": kept.community,
        "before": change.before,
        "after": change.after,
    }


def _number(query: Mapping[str, str], name: str, usual: int) -> int:
    text = query.get(name) or str(usual)
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise _invalid(name, f"'{name}' is a whole number.")
    return int(text)


def _invalid(name: str, message: str) -> Rejected:
    return Rejected(400, "INVALID_FIELD", message, details={"field": name})
