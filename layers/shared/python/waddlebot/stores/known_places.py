"""Which places there are, for callers that may open none."""

from __future__ import annotations

from collections.abc import Iterable

from waddlebot.domain.entities import EntityId
from waddlebot.stores.postgres import Postgres


def known_places(postgres: Postgres, names: Iterable[EntityId]) -> set[EntityId]:
    """Those of these names that are places of anybody's, no private talk. Raises Unavailable."""
    missing, known = set(names), set[EntityId]()
    for ask in (postgres.read, postgres.write):  # the replica may lag
        if missing:
            rows = ask(
                """
                SELECT name FROM entity_names
                WHERE name = ANY(%(names)s) AND NOT is_private_place(entity_id)
                """,
                {"names": sorted(missing)},
            )
            known |= {EntityId(row["name"]) for row in rows}
            missing -= known
    return known
