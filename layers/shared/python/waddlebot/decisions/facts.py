"""A community's decisions, all of them, and what makes them others."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from waddlebot.decisions.part_text import ByKind
from waddlebot.decisions.parts import rows_of_parts, texts_of_parts
from waddlebot.domain.community_facts import Difference, FactKind, Facts, Key
from waddlebot.domain.entities import CommunityId
from waddlebot.stores.part_rows import load_all
from waddlebot.stores.postgres import Connection


def load_facts(connection: Connection, community: CommunityId) -> dict[Key, Any]:
    """Of every part, read in one statement. Raises Rejected: 404."""
    row = load_all(connection, community, rows_of_parts().values())
    return {
        key: value for part in texts_of_parts().values() for key, value in part.facts(row).items()
    }


def by_kind(facts: Facts) -> ByKind:
    found: dict[FactKind, dict[Key, Any]] = defaultdict(dict)
    for (kind, *about), value in facts.items():
        found[kind][tuple(about)] = value
    return found


def compare(before: Facts, after: Facts) -> list[Difference]:
    """What makes one the other: first what goes, then what comes.

    What comes, comes in the order of the parts and their kinds; what goes, the other way round.
    """
    turns = _turns()
    differences = [
        Difference(key=key, before=before.get(key), after=after.get(key))
        for key in dict.fromkeys([*before, *after])
        if before.get(key) != after.get(key)
        and not (key[0].whole and key in before and key in after)
    ]
    for part in texts_of_parts().values():
        differences += part.arranged(before, after)

    def turn(one: Difference) -> tuple[bool, int]:
        place = turns[one.kind]
        return (False, -place) if one.after is None else (True, place)

    return sorted(differences, key=turn)


def _turns() -> dict[FactKind, int]:
    kinds = (kind for part in texts_of_parts().values() for kind in part.deeds)
    return {kind: place for place, kind in enumerate(kinds)}
