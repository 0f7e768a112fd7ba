"""The audit log as the API shows it: who changed what, page by page, the newest first."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from functions.operations.numbers import read_limit, read_number
from waddlebot.platforms.shown_names import ShownNames, people_in, places_in
from waddlebot.stores.audit_log import KeptChange, list_changes
from waddlebot.stores.postgres import Postgres
from waddlebot.stores.shown_names import names_of_people, names_of_places

MOST_CHANGES = 100

Wire = dict[str, Any]


def read_changes(postgres: Postgres, query: Mapping[str, str]) -> Wire:
    """`{"changes": [{"id", "at", "who", "action", "about", "community" or None, "before",
    "after", "words"}], "next"}`, of one `community` by its name or all; `next` is the next
    `before`, or None. `words` are the same fields as people read them, by names.

    Raises Rejected: 400.
    """
    limit = read_limit(query, MOST_CHANGES)
    before = read_number(query, "before", 0) or None
    community = query.get("community") or None
    found = list_changes(postgres, community=community, before=before, most=limit + 1)
    shown = found[:limit]
    names = _names(postgres, shown)
    return {
        "success": True,
        "changes": [{**_shown(one), "words": _words(one, names)} for one in shown],
        "next": shown[-1].id if len(found) > limit else None,
    }


def _shown(kept: KeptChange) -> Wire:
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


def _names(postgres: Postgres, changes: Sequence[KeptChange]) -> ShownNames:
    texts = [text for one in changes for text in _texts(one)]
    places, people = list(places_in(texts)), list(people_in(texts))
    return ShownNames(
        places=names_of_places(postgres, places) if places else {},
        people=names_of_people(postgres, people) if people else {},
    )


def _texts(kept: KeptChange) -> Iterator[str]:
    change = kept.change
    yield from (change.who, change.about, kept.community or "")
    yield from (brief(values) for values in (change.before, change.after) if values is not None)


def _words(kept: KeptChange, names: ShownNames) -> Wire:
    change = kept.change
    sides = {"before": change.before, "after": change.after}
    return {
        "who": names.told(change.who),
        "about": names.told(change.about),
        "community": names.told(kept.community or ""),
        **{
            side: None if values is None else names.told(brief(values))
            for side, values in sides.items()
        },
    }


def brief(values: Mapping[str, Any]) -> str:
    """`name Penguins, language de`"""
    return ", ".join(f"{name.replace('_', ' ')} {_text(value)}" for name, value in values.items())


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
